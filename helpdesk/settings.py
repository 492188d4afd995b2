"""Reads the environment once, types it, and stops the start with one line when something is wrong.

The names and defaults are those of the deployment contract; ``.env`` in the working directory is read too.
"""

import secrets
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from helpdesk.clock import TOKYO
from helpdesk.hosts import is_host
from helpdesk.limits import Limits
from helpdesk.telephone import to_e164
from helpdesk.ward.profile import Ward, WardError, read_ward

ROOT = Path(__file__).parent.parent
"""Where the wards' folders lie that come with the project."""
SHORTEST_SECRET = 32
"""Twilio's and LINE's own secrets have 32 characters."""
FEWEST_SIGNS = 8
"""Different characters; a random secret of that length has more than ten."""


def weakness(secret: str) -> str | None:
    """Why a secret can be guessed; None when nothing speaks against it."""
    if len(secret) < SHORTEST_SECRET:
        return f"it needs at least {SHORTEST_SECRET} characters"
    if len(set(secret)) < FEWEST_SIGNS:
        return f"it needs at least {FEWEST_SIGNS} different characters"
    if (secret + secret).find(secret, 1) < min(len(secret), SHORTEST_SECRET // 2):
        return "it is a short word over and over"
    return None


def _in_var(chosen: dict[str, Any]) -> str:
    """The database beside what else is kept, when none is named."""
    return f"sqlite:///{chosen['var']}/helpdesk.db"


class SettingsError(Exception):
    """A variable is missing or wrong. ``str()`` is one line that names it."""


class Settings(BaseSettings):
    """Everything that a deployment may choose. Field aliases are the environment's names."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True)

    env: Literal["development", "production"] = Field("development", alias="HELPDESK_ENV")
    var: Path = Field(Path("var"), alias="HELPDESK_VAR")
    database_url: str = Field(default_factory=_in_var, alias="HELPDESK_DATABASE_URL")
    public_url: str = Field("http://127.0.0.1:8000", alias="HELPDESK_PUBLIC_URL")
    ward: Path = Field(Path("wards/chiyoda"), alias="HELPDESK_WARD")
    bind: str = Field("127.0.0.1:8000", alias="HELPDESK_BIND")
    admin_bind: str = Field("127.0.0.1:8001", alias="HELPDESK_ADMIN_BIND")
    secret_key: SecretStr | None = Field(None, alias="HELPDESK_SECRET_KEY")
    clock_start: datetime | None = Field(None, alias="HELPDESK_CLOCK")
    admin_proxies: int = Field(0, alias="HELPDESK_ADMIN_PROXIES", ge=0, le=5)
    without_twilio: bool = Field(False, alias="HELPDESK_WITHOUT_TWILIO")
    without_line: bool = Field(False, alias="HELPDESK_WITHOUT_LINE")
    consultation_minutes: int = Field(30, alias="HELPDESK_CONSULTATION_MINUTES", ge=10, le=240)
    practice_app_url: str | None = Field(None, alias="HELPDESK_PRACTICE_APP_URL")
    booking_tries_per_call: int = Field(3, alias="HELPDESK_BOOKING_TRIES_PER_CALL", ge=1, le=100)
    booking_tries_per_day: int = Field(20, alias="HELPDESK_BOOKING_TRIES_PER_DAY", ge=1, le=1000)
    booking_tries_per_day_all: int = Field(100, alias="HELPDESK_BOOKING_TRIES_PER_DAY_ALL", ge=1, le=10000)
    staff_phone: str | None = Field(None, alias="HELPDESK_STAFF_PHONE")
    twilio_account_sid: str | None = Field(None, alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr | None = Field(None, alias="TWILIO_AUTH_TOKEN")
    twilio_phone_number: str | None = Field(None, alias="TWILIO_PHONE_NUMBER")
    twilio_api_url: str = Field("https://api.twilio.com", alias="TWILIO_API_URL")
    line_channel_secret: SecretStr | None = Field(None, alias="LINE_CHANNEL_SECRET")
    line_channel_access_token: SecretStr | None = Field(None, alias="LINE_CHANNEL_ACCESS_TOKEN")
    line_api_url: str = Field("https://api.line.me", alias="LINE_API_URL")
    line_data_api_url: str = Field("https://api-data.line.me", alias="LINE_DATA_API_URL")
    sms_per_call: int = Field(3, alias="HELPDESK_SMS_PER_CALL", ge=0, le=50)
    sms_per_day: int = Field(6, alias="HELPDESK_SMS_PER_DAY", ge=0, le=100)
    open_callbacks: int = Field(3, alias="HELPDESK_OPEN_CALLBACKS", ge=1, le=50)
    seats_per_person: int = Field(6, alias="HELPDESK_SEATS_PER_PERSON", ge=1, le=1000)
    percent_without_number: int = Field(20, alias="HELPDESK_PERCENT_WITHOUT_NUMBER", ge=0, le=100)
    longest_speech: int = Field(500, alias="HELPDESK_LONGEST_SPEECH", ge=50, le=5000)
    longest_message: int = Field(1000, alias="HELPDESK_LONGEST_MESSAGE", ge=50, le=5000)
    understood_per_minute: int = Field(30, alias="HELPDESK_UNDERSTOOD_PER_MINUTE", ge=1, le=10_000)
    rasa_url: str = Field("http://127.0.0.1:5005", alias="RASA_URL")

    @field_validator(
        "public_url", "twilio_api_url", "line_api_url", "line_data_api_url", "rasa_url", "practice_app_url"
    )
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")) or len(value) < 10:
            raise ValueError("must be an address that starts with http:// or https://")
        return value.rstrip("/")

    @field_validator("bind", "admin_bind")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("must be HOST:PORT, for example 127.0.0.1:8000")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("staff_phone", "twilio_phone_number")
    @classmethod
    def _telephone(cls, value: str | None) -> str | None:
        if value is None:
            return None
        number = to_e164(value)
        if number is None:
            raise ValueError("must be a telephone number, for example +81312345678")
        return number

    @field_validator("clock_start")
    @classmethod
    def _in_tokyo(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            value = value.replace(tzinfo=TOKYO)
        return value

    @model_validator(mode="after")
    def _whole_accounts_and_no_default_secrets(self) -> "Settings":
        twilio = (self.twilio_account_sid, self.twilio_auth_token, self.twilio_phone_number)
        if any(twilio) and not all(twilio):
            names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER")
            missing = [name for name, value in zip(names, twilio, strict=True) if not value]
            raise ValueError(f"{missing[0]} is missing (the other Twilio variables are set)")
        if bool(self.line_channel_secret) != bool(self.line_channel_access_token):
            missing_one = "LINE_CHANNEL_ACCESS_TOKEN" if self.line_channel_secret else "LINE_CHANNEL_SECRET"
            raise ValueError(f"{missing_one} is missing (the other LINE variable is set)")
        if self.production:
            self._fit_for_production()
        return self

    def _fit_for_production(self) -> None:
        """Raises ValueError at the first thing that would not be safe, or would promise what nobody keeps."""
        if self.secret_key is None:
            raise ValueError("HELPDESK_SECRET_KEY must be set in production")
        secrets_given = {
            "HELPDESK_SECRET_KEY": self.secret_key, "TWILIO_AUTH_TOKEN": self.twilio_auth_token,
            "LINE_CHANNEL_SECRET": self.line_channel_secret,
            "LINE_CHANNEL_ACCESS_TOKEN": self.line_channel_access_token,
        }  # fmt: skip
        for name, value in secrets_given.items():
            if value is not None and (reason := weakness(value.get_secret_value())):
                raise ValueError(f"{name} is refused in production: {reason}")
        if self.clock_start is not None:
            raise ValueError("HELPDESK_CLOCK is refused in production")
        if urlsplit(self.public_url).scheme != "https" or not is_host(urlsplit(self.public_url).netloc):
            raise ValueError("HELPDESK_PUBLIC_URL must be the public address in production, and start with https://")
        if not self.has_twilio and not self.without_twilio:
            raise ValueError(
                "TWILIO_ACCOUNT_SID is missing: SMS would go nowhere (if that is meant: HELPDESK_WITHOUT_TWILIO=yes)"
            )
        if not self.has_line and not self.without_line:
            raise ValueError(
                "LINE_CHANNEL_SECRET is missing: messages would go nowhere "
                "(if that is meant: HELPDESK_WITHOUT_LINE=yes)"
            )

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def has_twilio(self) -> bool:
        """Whether calls and SMS go through a Twilio account; otherwise the console telephone serves."""
        return self.twilio_account_sid is not None

    @property
    def has_line(self) -> bool:
        """Whether messages go through a LINE channel; otherwise the console LINE serves."""
        return self.line_channel_secret is not None

    def ward_profile(self) -> Ward:
        """What differs from ward to ward. Raises SettingsError naming the folder's file and entry."""
        try:
            return read_ward(self.ward if self.ward.exists() else ROOT / self.ward)
        except WardError as error:
            raise SettingsError(f"HELPDESK_WARD: {error}") from error

    @property
    def models(self) -> Path:
        """Where trained models are kept."""
        return self.var / "nlu"

    def limits(self) -> Limits:
        """How much one person may take."""
        return Limits(**{name: getattr(self, name) for name in Limits.__dataclass_fields__})

    def secret(self) -> str:
        """The key that signs staff sessions."""
        return self._kept(self.secret_key, "secret_key")

    def voice_signing_token(self) -> str:
        """What Twilio's signatures are checked with; in development without an account, a kept random one."""
        return self._kept(self.twilio_auth_token, "console_twilio_token")

    def line_signing_secret(self) -> str:
        """What LINE's signatures are checked with; in development without a channel, a kept random one."""
        return self._kept(self.line_channel_secret, "console_line_secret")

    def _kept(self, given: SecretStr | None, name: str) -> str:
        if given is not None:
            return given.get_secret_value()
        path = self.var / name
        if not path.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            # Several processes start at once: the first to link its file wins, the others read that one.
            draft = self.var / f".{name}.{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32))
            try:
                path.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()


def load() -> Settings:
    """Read and check the environment.

    Raises SettingsError whose text is one line and starts with the variable's name.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # every field comes from the environment
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load()


def _one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    reason = str(first["msg"]).removeprefix("Value error, ")
    name = str(first["loc"][0]) if first["loc"] else ""
    return f"{name}: {reason}" if name else reason
