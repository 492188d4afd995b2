"""A reply as TwiML: what is said, at which speed, and one listening point for speech and keys."""

from twilio.twiml.voice_response import Dial, Gather, Say, VoiceResponse

from bot.channels.voice.speech import hints, key_sentences
from flows.script.replies import Reply

VOICE = "Polly.Tomoko-Neural"
RATE, SLOW_RATE = "88%", "75%"
PAUSE = "400ms"
FIRST_WORD_SECONDS, SLOW_FIRST_WORD_SECONDS = 7, 9
END_OF_SPEECH = {"digits": 3, "number": 3, "name": 3}
DIGITS = ("digits", "number")
RING_SECONDS = 25
LONGEST_TRANSFER = 3600


def document(reply: Reply, next_number: int, call: str, staff_phone: str | None, caller_id: str | None) -> str:
    """The TwiML of ``reply``; its action leads to turn ``next_number`` of the call."""
    response = VoiceResponse()
    if reply.then == "listen":
        _listen(response, reply, next_number)
    else:
        for sentence in reply.ear:
            _say(response, sentence, reply.slow)
        if reply.then == "transfer" and staff_phone:
            more = {"caller_id": caller_id} if caller_id else {}
            dial = Dial(
                action=f"/voice/dialled?n={next_number}",
                method="POST",
                timeout=RING_SECONDS,
                time_limit=LONGEST_TRANSFER,
                **more,
            )
            dial.number(staff_phone, url=f"/voice/whisper?call={call}", method="POST")
            response.append(dial)
        else:
            response.hangup()
    return str(response)


def whisper(sentence: str) -> str:
    """What the member of staff hears before the caller is connected."""
    response = VoiceResponse()
    _say(response, sentence, slow=False)
    return str(response)


def _listen(response: VoiceResponse, reply: Reply, next_number: int) -> None:
    gather = Gather(
        input="dtmf" if reply.keys_only else "dtmf speech",
        action=f"/voice/turn?n={next_number}",
        method="POST",
        language="ja-JP",
        timeout=SLOW_FIRST_WORD_SECONDS if reply.slow else FIRST_WORD_SECONDS,
        action_on_empty_result=True,
        finish_on_key="#" if reply.listening in DIGITS else "",
        **({} if reply.listening in DIGITS else {"num_digits": 1}),
        **(
            {}
            if reply.keys_only
            else {
                "profanity_filter": False,
                "speech_timeout": str(END_OF_SPEECH.get(reply.listening, 2)),
                "hints": hints(reply),
            }
        ),
    )
    for sentence in (*reply.ear, *key_sentences(reply)):
        _say(gather, sentence, reply.slow)
    response.append(gather)
    # Only reached when the provider does not honour actionOnEmptyResult: silence must never end the call.
    response.redirect(f"/voice/turn?n={next_number}", method="POST")


def _say(parent: VoiceResponse | Gather, sentence: str, slow: bool) -> None:
    say = Say(voice=VOICE, language="ja-JP")
    say.prosody(sentence, rate=SLOW_RATE if slow else RATE)
    say.break_(time=PAUSE)
    parent.append(say)
