"""Settings: command line, then `WANAMAKER_*` variables, then `wanamaker.toml`, then defaults."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipelines.errors import WanamakerError

CONFIG_FILE = "wanamaker.toml"


class Settings(BaseSettings):
    """Where data live, and the variables that models see (INTERFACE.md, "Variables")."""

    model_config = SettingsConfigDict(env_prefix="WANAMAKER_", toml_file=CONFIG_FILE, extra="forbid")

    data: Path = Path("data")
    memory_limit: str = Field(default="1200MB", pattern=r"^\d+(\.\d+)?\s*([KMGT]i?)?B$")
    notify: Annotated[list[str], NoDecode] = Field(default=[], repr=False)

    as_of_date: date | None = None
    known_at: datetime | None = None
    timezone: str = "Asia/Shanghai"
    company_currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)
    lookback_days: int = Field(default=180, ge=1)
    attribution_scope: Literal["account", "lead"] = "account"
    amount_fallback: Literal["none", "list_price"] = "none"
    auto_apply: Literal["none", "oldest_due"] = "none"
    collapse_repeats: Literal["day", "none"] = "day"
    direct_rule: Literal["last_non_direct", "none"] = "last_non_direct"
    stalled_without_activity_days: int = Field(default=14, ge=1)
    duplicate_probability: float = Field(default=0.95, gt=0, le=1)

    @field_validator("notify", mode="before")
    @classmethod
    def _addresses(cls, value: Any) -> Any:
        """A list, or one text with an address on each line or between blanks."""
        return value.split() if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            msg = "is not a time zone such as Asia/Shanghai"
            raise ValueError(msg) from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def variables(self) -> dict[str, Any]:
        """What dbt gets as `--vars`."""
        own = {"data", "memory_limit", "notify"}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.model_dump(exclude=own).items()
        }


def load_settings(**given: Any) -> Settings:
    """Settings with what the command line gave; raises WanamakerError that names the setting that is wrong."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = ", ".join(sorted(Settings.model_fields))
            raise WanamakerError(f"there is no setting {name}; the settings are: {known}") from error
        raise WanamakerError(f"the setting {name} is {problem['input']!r}: {problem['msg']}") from error


def like_published(settings: Settings, published: dict[str, Any]) -> Settings:
    """Settings in which the variables of the published figures stand where nobody said otherwise.

    `published` is the row of run_settings; what the command line gave, the environment and the file keep their word.
    """
    said = settings.model_fields_set
    own = {"data", "memory_limit", "notify", "known_at"}
    taken = {
        name: value for name, value in published.items() if name in Settings.model_fields and name not in own | said
    }
    return settings.model_copy(update=taken)


def parse_assignments(assignments: list[str]) -> dict[str, str]:
    """`NAME=VALUE` pairs of `--set`; raises WanamakerError for one without `=`."""
    pairs = {}
    for assignment in assignments:
        name, mark, value = assignment.partition("=")
        if not mark or not name:
            raise WanamakerError(f"--set {assignment}: write it as NAME=VALUE, for example --set company_currency=USD")
        pairs[name.strip()] = value.strip()
    return pairs
