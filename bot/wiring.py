"""Puts the parts together once per process."""

from dataclasses import dataclass

from bot.answering import Answering
from bot.gateways.console import ConsoleLine, ConsoleSms
from bot.gateways.line import LineApi
from bot.gateways.protocols import LineGateway, SmsGateway
from bot.gateways.twilio import TwilioSms
from bot.sending import Delivering
from flows.script.moment import Deployment
from flows.script.wording import unknown
from helpdesk.clock import Clock, clock_from
from helpdesk.settings import Settings, SettingsError
from helpdesk.store.database import Database
from nlu.embedded import load_or_train
from nlu.rasa_client import RasaClient
from nlu.understand import Understander


@dataclass(frozen=True)
class Service:
    """What a process of the service works with."""

    settings: Settings
    clock: Clock
    database: Database
    answering: Answering
    delivering: Delivering


def deployment_of(settings: Settings) -> Deployment:
    """The deployment's facts that answers need. Raises SettingsError for a ward's line that nobody says."""
    strange = unknown(settings.ward_profile().lines)
    if strange:
        raise SettingsError(f"HELPDESK_WARD: {settings.ward}/lines.yml: no line is called {strange[0]}")
    return Deployment(
        settings.ward_profile(), settings.staff_phone, settings.twilio_phone_number, settings.practice_app_url,
        settings.public_url, settings.limits(),
    )  # fmt: skip


def line_gateway(settings: Settings) -> LineGateway:
    """LINE when there is a channel, the console otherwise."""
    if settings.line_channel_access_token is None:
        return ConsoleLine()
    return LineApi(
        settings.line_channel_access_token.get_secret_value(), settings.line_api_url, settings.line_data_api_url
    )


def sms_gateway(settings: Settings) -> SmsGateway:
    """Twilio when there is an account, the console otherwise."""
    if (
        settings.twilio_account_sid is None
        or settings.twilio_auth_token is None
        or settings.twilio_phone_number is None
    ):
        return ConsoleSms()
    token = settings.twilio_auth_token.get_secret_value()
    return TwilioSms(settings.twilio_account_sid, token, settings.twilio_phone_number, settings.twilio_api_url)


def wire(settings: Settings, models: bool = True) -> Service:
    """Everything that the settings ask for. ``models=False`` leaves the classifiers out (for the scheduler)."""
    clock = clock_from(settings.clock_start)
    database = Database(settings.database_url)
    understander = (
        Understander(RasaClient(settings.rasa_url), load_or_train(settings.models))
        if models
        else Understander(None, None)
    )
    return Service(
        settings, clock, database,
        Answering(database, clock, deployment_of(settings), understander),
        Delivering(database, clock, line_gateway(settings), sms_gateway(settings), deployment_of(settings)),
    )  # fmt: skip
