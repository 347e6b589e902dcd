"""What may differ from one installation to the next. Read once in `main` or `cli`, then passed down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, TypeVar, get_args

from gis_service.foundation.addresses import is_shielded
from gis_service.foundation.errors import InvalidInput

# Settings that may hold a password, each with the setting that names a file to read it from instead.
SECRETS: Mapping[str, str] = {
    "GIS_DATABASE_URL": "GIS_DATABASE_URL_FILE",
    "GIS_RATE_STORAGE": "GIS_RATE_STORAGE_FILE",
    "GIS_TOKEN": "GIS_TOKEN_FILE",
}
UNLIMITED = "off"
_RATE = re.compile(r"[1-9]\d{0,6}/(second|minute|hour|day)")

LogFormat = Literal["json", "text"]
Switch = Literal["on", "off"]
LogLevel = Literal["INFO", "DEBUG", "WARNING", "ERROR"]
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often one address, and one credential, may ask: `1200/minute`, or None for without limit."""

    reading: str | None = "1200/minute"
    writing: str | None = "300/minute"
    signing_in: str | None = "20/minute"
    storage: str = field(default="memory://", repr=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a request may be, and how long it may take. A body may take longer the larger it is."""

    address_bytes: int = 8_000
    headers: int = 100
    headers_bytes: int = 32_000
    body_s: float = 30
    body_bytes_per_s: int = 50_000
    request_s: float = 180
    at_once: int = 200


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose sign-in is believed (OpenID Connect), and the name this service has there."""

    issuer: str
    audience: str
    jwks_url: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` holds the private cluster and generated files; `database_url` names a real server."""

    home: Path
    database_url: str | None = field(default=None, repr=False)
    port: int = 8000
    bounds: Bounds = field(default_factory=Bounds)
    rates: Rates = field(default_factory=Rates)
    trusted_proxies: tuple[str, ...] = ()
    log_format: LogFormat = "json"
    log_level: LogLevel = "INFO"
    own_journal_key: Path | None = None
    token: str | None = field(default=None, repr=False)
    local_operator: Switch = "on"
    anonymous_suggestions: Switch = "off"
    oidc: Provider | None = None
    own_accounts_key: Path | None = None

    @property
    def journal_key_file(self) -> Path:
        """The private key that signs checkpoints of the journal."""
        return self.own_journal_key or self.home / "keys" / "journal.pem"

    @property
    def accounts_key_file(self) -> Path:
        """The key that seals what second factors are proved by."""
        return self.own_accounts_key or self.home / "keys" / "accounts.key"

    @property
    def checkpoints_dir(self) -> Path:
        """Where signed checkpoints of the journal are kept; copies belong elsewhere."""
        return self.home / "journal" / "checkpoints"

    @property
    def editions_dir(self) -> Path:
        """Where editions of sheets are kept; old editions stay."""
        return self.home / "editions"

    def for_children(self) -> dict[str, str]:
        """The environment of a process that serves the same installation."""
        return {**os.environ, "GIS_HOME": str(self.home)}

    @property
    def files_dir(self) -> Path:
        """Where materials and acts are kept, each named by the hash of its content."""
        return self.home / "files"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings that README lists.

    Raises:
        InvalidInput: one that cannot be understood, or a file of a secret that cannot be read; named.
    """
    env = os.environ if environment is None else environment
    home = Path(env["GIS_HOME"]).expanduser() if env.get("GIS_HOME") else _default_home()
    return Settings(
        home=home.resolve(),
        database_url=_database_url(_secret(env, "GIS_DATABASE_URL")),
        port=_port(env.get("GIS_PORT") or "8000"),
        bounds=_bounds(env),
        rates=_rates(env),
        trusted_proxies=_networks(env.get("GIS_TRUSTED_PROXIES") or ""),
        log_format=_choice(env, "GIS_LOG_FORMAT", get_args(LogFormat)),
        log_level=_choice(env, "GIS_LOG_LEVEL", get_args(LogLevel)),
        own_journal_key=_path(env.get("GIS_JOURNAL_KEY_FILE") or ""),
        token=_secret(env, "GIS_TOKEN") or None,
        local_operator=_choice(env, "GIS_LOCAL_OPERATOR", get_args(Switch)),
        anonymous_suggestions=_choice(env, "GIS_ANONYMOUS_SUGGESTIONS", ("off", "on")),
        oidc=_provider(env),
        own_accounts_key=_path(env.get("GIS_ACCOUNTS_KEY_FILE") or ""),
    )


def _default_home() -> Path:
    """`var/` of the checkout this code runs from, whatever the working directory; else of that directory."""
    checkout = Path(__file__).resolve().parents[2]
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"


def _path(text: str) -> Path | None:
    return Path(text).expanduser().resolve() if text else None


def _secret(env: Mapping[str, str], name: str) -> str:
    """A secret from the environment, or from the file that another setting names; empty if neither."""
    beside = SECRETS[name]
    if not env.get(beside):
        return env.get(name) or ""
    if env.get(name):
        raise InvalidInput(f"{name} 与 {beside} 只能设一个", way_out=f"请去掉 {name}")
    try:
        return Path(env[beside]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{beside} 所指的文件不可读", way_out="请核对路径和权限，文件应为 UTF-8 文本"
        ) from error


def _database_url(text: str) -> str | None:
    """A plain `postgresql://` or `postgres://` address means the driver this service comes with."""
    scheme, separator, rest = text.partition("://")
    if scheme in {"postgresql", "postgres"}:
        return f"postgresql+psycopg2{separator}{rest}"
    return text or None


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise InvalidInput(f"GIS_PORT 不能是“{text}”", way_out="请写 1 至 65535 的端口号，如 8000")


def _bounds(env: Mapping[str, str]) -> Bounds:
    text = env.get("GIS_REQUEST_SECONDS")
    if not text:
        return Bounds()
    if text.isascii() and text.isdigit() and 0 < int(text) <= 3600:
        return Bounds(request_s=int(text))
    raise InvalidInput(f"GIS_REQUEST_SECONDS 不能是“{text}”", way_out="请写 1 至 3600 的秒数，如 180")


def _rates(env: Mapping[str, str]) -> Rates:
    usual = Rates()
    return Rates(
        reading=_rate(env, "GIS_RATE_READING", usual.reading),
        writing=_rate(env, "GIS_RATE_WRITING", usual.writing),
        signing_in=_rate(env, "GIS_RATE_SIGN_IN", usual.signing_in),
        storage=_secret(env, "GIS_RATE_STORAGE") or usual.storage,
    )


def _rate(env: Mapping[str, str], name: str, usual: str | None) -> str | None:
    text = (env.get(name) or "").strip()
    if not text or text == UNLIMITED:
        return None if text else usual
    if _RATE.fullmatch(text):
        return text
    raise InvalidInput(f"{name} 不能是“{text}”", way_out=f"请写如 300/minute，或写 {UNLIMITED} 表示不限")


def _networks(text: str) -> tuple[str, ...]:
    """Addresses and networks, separated by commas."""
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    for each in named:
        try:
            ip_network(each)
        except ValueError as error:
            raise InvalidInput(
                f"GIS_TRUSTED_PROXIES 中的“{each}”不是地址或网段", way_out="请写如 10.0.0.5,192.168.8.0/24"
            ) from error
    return named


def _provider(env: Mapping[str, str]) -> Provider | None:
    issuer, audience, keys = (
        (env.get(name) or "").strip()
        for name in ("GIS_OIDC_ISSUER", "GIS_OIDC_AUDIENCE", "GIS_OIDC_JWKS_URL")
    )
    if not (issuer or audience or keys):
        return None
    if not (issuer and audience):
        raise InvalidInput(
            "GIS_OIDC_ISSUER 与 GIS_OIDC_AUDIENCE 须同时设置", way_out="请补上所缺的一项，或把各项都去掉"
        )
    if not is_shielded(issuer) or "?" in issuer:
        raise _unshielded("GIS_OIDC_ISSUER")
    if keys and not is_shielded(keys):
        raise _unshielded("GIS_OIDC_JWKS_URL")
    return Provider(issuer, audience, keys or None)


def _unshielded(name: str) -> InvalidInput:
    """The address is not repeated, as people put passwords into them."""
    return InvalidInput(
        f"{name} 不是可用的地址",
        way_out="请写以 https:// 开头、不带口令和 # 的地址；只有本机回环地址可用 http",
    )


def _choice(env: Mapping[str, str], name: str, choices: tuple[Choice, ...]) -> Choice:
    """One of the choices; the first when nothing is said."""
    text = env.get(name) or choices[0]
    for choice in choices:
        if text == choice:
            return choice
    raise InvalidInput(f"{name} 不能是“{text}”", way_out=f"可选：{'、'.join(map(str, choices))}")
