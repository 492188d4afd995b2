"""The channels. Only here twilio and linebot are imported."""
