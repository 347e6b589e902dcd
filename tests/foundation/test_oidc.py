"""Tokens of a real provider are believed; all others are refused, in words that tell nothing of them."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_service.foundation.errors import IdentityProviderUnavailable, InvalidInput, NotSignedIn, ServiceError
from gis_service.foundation.oidc import Claims, Provider, Verifier, fetching, looks_like_jwt
from gis_service.foundation.oidc.keys import ALGORITHMS
from gis_service.foundation.settings import Settings, read_settings
from gis_service.foundation.web import Service, guard
from gis_service.foundation.web.contract import refusals
from tests.support import oidc_provider
from tests.support.oidc_issuer import (
    AUDIENCE,
    DISCOVERY,
    KEYS,
    Clock,
    Issuer,
    certificate,
    issuing,
    key_for,
    part,
    published,
    send,
    signed,
)
from tests.support.oidc_provider import RunningProvider


@pytest.fixture(scope="module")
def real() -> Iterator[RunningProvider]:
    with oidc_provider.running() as provider:
        yield provider


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


def on(real: RunningProvider, audience: str) -> tuple[Verifier, Clock]:
    clock = Clock()
    clock.now = datetime.now(UTC)
    return Verifier(Provider(real.issuer, audience), clock=clock), clock


def refused(verifier: Verifier, token: str, *words: str) -> NotSignedIn:
    with pytest.raises(NotSignedIn) as refusal:
        verifier.verify(token)
    assert all(word in refusal.value.message for word in words), refusal.value.message
    assert refusal.value.way_out
    return refusal.value


# A real provider: discovery, keys, authorization code with PKCE, two factors.


@pytest.mark.parametrize("algorithm", ["RS256", "EdDSA"])
def test_who_signed_in_with_a_real_provider_is_known(real: RunningProvider, algorithm: str) -> None:
    client = real.registered(algorithm)
    tokens = real.tokens(client)
    verifier, clock = on(real, client)
    access, identity = (verifier.verify(tokens[name]) for name in ("access_token", "id_token"))
    assert access.issuer == identity.issuer == real.issuer
    assert access.subject == identity.subject == oidc_provider.PERSON
    assert access.name == oidc_provider.NAME
    assert abs(access.issued_at - clock.now) < timedelta(minutes=1)
    assert access.expires_at > clock.now
    assert {"pwd", "otp", "mfa"} <= identity.authenticated_by


def test_a_real_token_for_another_service_is_refused(real: RunningProvider) -> None:
    tokens = real.tokens(real.registered("RS256"))
    verifier, _ = on(real, real.registered("RS256"))
    refused(verifier, tokens["access_token"], "不是为本系统签发的")


def test_a_real_token_ends(real: RunningProvider) -> None:
    client = real.registered("RS256")
    token = real.tokens(client)["id_token"]
    verifier, clock = on(real, client)
    clock.now = verifier.verify(token).expires_at + timedelta(seconds=59)
    verifier.verify(token)
    clock.goes_on(seconds=2)
    refused(verifier, token, "已过期")


def test_a_real_provider_may_stop_for_a_while() -> None:
    with oidc_provider.running() as short:
        client = short.registered("RS256")
        token = short.tokens(client)["access_token"]
        verifier, clock = on(short, client)
        verifier.verify(token)
        short.stop()
        clock.goes_on(minutes=20)
        assert verifier.verify(token).subject == oidc_provider.PERSON
        clock.goes_on(hours=24)
        with pytest.raises(IdentityProviderUnavailable):
            verifier.verify(token)
        with pytest.raises(IdentityProviderUnavailable):
            on(short, client)[0].verify(token)


# Sound tokens.


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_every_algorithm_with_a_pair_of_keys_is_accepted(issuer: Issuer, algorithm: str) -> None:
    issuer.keys.append(published(key_for(algorithm), "own", algorithm))
    token = issuer.token(algorithm=algorithm, header={"kid": "own", "typ": "at+jwt"}, aud=["x", AUDIENCE])
    assert issuer.verifier().verify(token).subject == "zhang.san"
    assert looks_like_jwt(token)


def test_claims_are_told_as_they_were_said(issuer: Issuer) -> None:
    claims = issuer.verifier().verify(issuer.token(name="张三", amr=["pwd", "otp", 7]))
    now = issuer.clock.now
    expected = Claims(
        issuer.address, "zhang.san", "张三", now, now + timedelta(minutes=5), frozenset({"pwd", "otp"})
    )
    assert claims == expected
    plain = issuer.verifier().verify(issuer.token(name=["?"]))
    assert (plain.name, plain.authenticated_by) == (None, frozenset())


@pytest.mark.parametrize("shift", [{"exp": -59}, {"iat": 59}, {"nbf": 59}, {"nbf": -59.5}])
def test_clocks_may_differ_by_a_minute(issuer: Issuer, shift: dict[str, float]) -> None:
    moments = {name: issuer.clock.now.timestamp() + seconds for name, seconds in shift.items()}
    issuer.verifier().verify(issuer.token(**moments))


def test_a_key_without_a_name_is_the_only_one(issuer: Issuer) -> None:
    issuer.keys = [published(key_for("RS256"), None, "RS256"), published(key_for("ES256"), None, "ES256")]
    token = signed({"alg": "RS256"}, issuer.claims(), "RS256", key_for("RS256"))
    assert issuer.verifier().verify(token).subject == "zhang.san"
    issuer.keys.append(published(key_for("RS256", 1), None, "RS256"))
    refused(issuer.verifier(), token, "签名密钥")


def test_keys_may_be_named_in_the_settings(issuer: Issuer) -> None:
    issuer.documents.clear()
    verifier = issuer.verifier(jwks_url=f"{issuer.address}{KEYS}")
    assert verifier.verify(issuer.token()).subject == "zhang.san"
    assert issuer.asked == [KEYS]


def test_an_issuer_may_end_in_a_slash(issuer: Issuer) -> None:
    issuer.documents[DISCOVERY]["issuer"] = f"{issuer.address}/"
    verifier = issuer.verifier(issuer=f"{issuer.address}/")
    verifier.verify(issuer.token(iss=f"{issuer.address}/"))
    refused(verifier, issuer.token(), "签发的")


# Hostile tokens.

NOW = int(Clock().now.timestamp())


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"iss": "https://elsewhere"}, "认可的身份认证服务"),
        ({"iss": None}, "认可的身份认证服务"),
        ({"iss": ["x"]}, "认可的身份认证服务"),
        ({"aud": "registers2"}, "不是为本系统"),
        ({"aud": ["register", "registers "]}, "不是为本系统"),
        ({"aud": {"registers": 1}}, "不是为本系统"),
        ({"aud": None}, "不是为本系统"),
        ({"exp": NOW - 60}, "已过期"),
        ({"exp": None}, "起止时间"),
        ({"exp": str(NOW + 300)}, "起止时间"),
        ({"exp": True}, "起止时间"),
        ({"exp": float("inf")}, "起止时间"),
        ({"exp": float("nan")}, "起止时间"),
        ({"exp": 10**30}, "起止时间"),
        ({"nbf": NOW + 61}, "尚未生效"),
        ({"nbf": "soon"}, "起止时间"),
        ({"iat": NOW + 61}, "尚未生效"),
        ({"iat": None}, "起止时间"),
        ({"sub": None}, "是谁"),
        ({"sub": ""}, "是谁"),
        ({"sub": "  "}, "是谁"),
        ({"sub": 7}, "是谁"),
        ({"sub": "zhang\x00"}, "是谁"),
        ({"sub": "\ud800"}, "是谁"),
        ({"sub": "x" * 256}, "是谁"),
        ({"token_use": "refresh"}, "种类"),
        ({"token_use": ["access"]}, "种类"),
        ({"typ": "Refresh"}, "种类"),
        ({"typ": 1}, "种类"),
        ({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}, "种类"),
        ({"cnf": {"jkt": "x"}}, "种类"),
    ],
    ids=str,
)
def test_a_sound_signature_is_not_enough(issuer: Issuer, said: dict[str, Any], word: str) -> None:
    refused(issuer.verifier(), issuer.token(**said), word)


def test_the_last_moment_there_is_ends_nothing_else(issuer: Issuer) -> None:
    last = datetime.max.replace(tzinfo=UTC, microsecond=0)
    assert issuer.verifier().verify(issuer.token(exp=int(last.timestamp()))).expires_at == last


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "", None, "HS256", "ES512", "ES256K", "x", 1, ["RS256"]]
)
def test_other_algorithms_are_refused_before_any_key_is_fetched(issuer: Issuer, algorithm: Any) -> None:
    for signature in ("", part(b"x" * 256)):
        unsigned = f"{part({'alg': algorithm, 'kid': 'first'})}.{part(issuer.claims())}.{signature}"
        refused(issuer.verifier(), unsigned)
    assert not issuer.asked


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_the_public_key_is_no_shared_secret(issuer: Issuer, algorithm: str) -> None:
    public = key_for("RS256").public_key()
    for encoding, form in (
        (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.PEM, PublicFormat.PKCS1),
        (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ):
        secret = public.public_bytes(encoding, form)
        token = signed({"alg": algorithm, "kid": "first"}, issuer.claims(), algorithm, secret)
        refused(issuer.verifier(), token, "签名算法")


def test_a_published_secret_is_no_key(issuer: Issuer) -> None:
    issuer.keys = [{"kty": "oct", "kid": "first", "k": part(b"x" * 64), "alg": "HS256"}]
    refused(issuer.verifier(), issuer.token(), "签名密钥")


def test_a_key_serves_for_what_it_is_published_for(issuer: Issuer) -> None:
    key, private = key_for("RS256"), {"d": "AQAB"}
    for more in ({"use": "enc"}, {"alg": "PS256"}, {"key_ops": ["encrypt"]}, {"key_ops": 1}, private):
        issuer.keys = [published(key, "first", "RS256", **more)]
        refused(issuer.verifier(), issuer.token(), "签名密钥")


def test_a_token_signed_by_another_kind_of_key_is_refused(issuer: Issuer) -> None:
    refused(issuer.verifier(), issuer.token(algorithm="ES256"), "签名密钥")


def test_a_short_key_proves_nothing(issuer: Issuer) -> None:
    short = rsa.generate_private_key(65537, 1024)
    issuer.keys = [published(short, "first", "RS256")]
    refused(issuer.verifier(), issuer.token(key=short), "签名")


def test_a_broken_key_does_not_hide_the_others(issuer: Issuer) -> None:
    broken = [{"kty": "RSA", "kid": "first"}, {"kty": "RSA", "kid": "first", "n": 1, "e": []}, {}]
    broken.append({"kty": "RSA", "kid": "first", "n": "AQ", "e": "AA"})
    issuer.keys = [*broken, *issuer.keys]
    issuer.verifier().verify(issuer.token())


def test_what_was_altered_or_signed_by_others_is_refused(issuer: Issuer) -> None:
    header, claims, signature = issuer.token().split(".")
    other = part(issuer.claims(sub="li.si"))
    for token in (
        f"{header}.{other}.{signature}",
        f"{header}.{claims}.{signature[:-6]}AAAAAA",
        f"{header}.{claims}.",
        f"{part({'alg': 'PS256', 'kid': 'first'})}.{claims}.{signature}",
        issuer.token(key=key_for("RS256", 1)),
    ):
        refused(issuer.verifier(), token, "签名不符")


def deep(size: int) -> bytes:
    return b'{"alg":"RS256","x":' + b"[" * size


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "gis_0123456789",
        "ey.ey",
        "eyJ.eyJ.eyJ.eyJ.eyJ",
        "eyJhbGciOiJSUzI1NiJ9.!.x",
        "eyJhbGciOiJSUzI1NiJ9.é.x",
        "\ud800",
        part([1]) + ".e30.e30",
        part(b"{") + ".e30.e30",
        part(b"\xff") + ".e30.e30",
        part(deep(5000)) + ".e30.e30",
        part({"alg": "RS256", "kid": 1}) + ".e30.e30",
        part({"alg": "RS256"}) + "." + "A" * 16_000 + ".e30",
        " " + part({"alg": "RS256"}) + ".e30.e30",
        part({"alg": "RS256"}) + ".e30.e30\n",
    ],
    ids=lambda token: repr(token[:20]),
)
def test_what_is_no_token_is_refused_unread(issuer: Issuer, token: str) -> None:
    refused(issuer.verifier(), token)
    assert not issuer.asked


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"7", b"\xff", b'{"x":' + b"[" * 5000, b'{"exp":' + b"9" * 5000 + b"}"]
)
def test_a_signature_over_nonsense_is_refused(issuer: Issuer, content: bytes) -> None:
    refused(issuer.verifier(), signed({"alg": "RS256", "kid": "first"}, content, "RS256", key_for("RS256")))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "logout+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": 1},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
    ],
    ids=str,
)
def test_what_must_be_understood_and_is_not_is_refused(issuer: Issuer, header: dict[str, Any]) -> None:
    refused(issuer.verifier(), issuer.token(header=header))


@pytest.mark.parametrize("key_id", ["first", "theirs"])
def test_a_token_cannot_name_where_its_keys_are(issuer: Issuer, key_id: str) -> None:
    with issuing() as trap:
        theirs = key_for("RS256", 2)
        trap.keys = [published(theirs, key_id, "RS256")]
        for header in (
            {"jku": f"{trap.address}{KEYS}"},
            {"x5u": f"{trap.address}{KEYS}"},
            {"jwk": trap.keys[0]},
            {"x5c": ["MIIB"]},
        ):
            refused(issuer.verifier(), issuer.token(key=theirs, header={"kid": key_id, **header}))
        claimed = issuer.token(key=theirs, header={"kid": key_id}, iss=trap.address)
        refused(issuer.verifier(), claimed)
        assert not trap.asked


def test_a_key_id_is_never_a_path(issuer: Issuer) -> None:
    for key_id in ("../../etc/passwd", "' OR 1=1", "http://127.0.0.1/x", "x" * 5000):
        refused(issuer.verifier(), issuer.token(header={"kid": key_id}), "签名密钥")


def test_neither_words_nor_log_tell_what_is_in_a_token(
    issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = {"sub": "secret-subject", "name": "secret-name", "iss": "secret-issuer"}
    tokens = [
        issuer.token(**secrets),
        issuer.token(header={"kid": "secret-key"}, **secrets),
        issuer.token(key=key_for("RS256", 1), **secrets),
        issuer.token(header={"typ": "secret-type"}, **secrets),
    ]
    with caplog.at_level(logging.DEBUG):
        told = [str(refused(issuer.verifier(), token)) for token in tokens]
        issuer.away = True
        with pytest.raises(IdentityProviderUnavailable) as away:
            issuer.verifier().verify(tokens[0])
    told += [str(away.value), *(json.dumps(vars(record), default=str) for record in caplog.records)]
    assert "keys of the identity provider not fetched" in caplog.messages
    assert not [text for text in told for part in ("secret", tokens[0][40:60]) if part in text]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "iat", "amr", "name", "typ", "token_use", "cnf"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_whatever_a_signed_token_says_it_is_judged(issuer: Issuer, said: dict[str, Any]) -> None:
    issuer.keys = [published(key_for("EdDSA"), "first", "EdDSA")]
    token = signed({"alg": "EdDSA", "kid": "first"}, issuer.claims(**said), "EdDSA", key_for("EdDSA"))
    with suppress(NotSignedIn):
        assert issuer.verifier().verify(token).subject


@given(st.text() | st.from_regex(r"e[wy][\w-]{0,20}\.[\w-]{1,20}\.[\w-]{0,20}"))
def test_whatever_is_shown_is_judged(token: str) -> None:
    verifier = Verifier(Provider("http://127.0.0.1:1", "registers"), clock=Clock())
    with pytest.raises((NotSignedIn, IdentityProviderUnavailable)):
        verifier.verify(token)


# Keys change, and providers go away.


def test_a_new_key_is_found_within_a_minute_and_an_old_one_forgotten(issuer: Issuer) -> None:
    verifier, old = issuer.verifier(), issuer.token(exp=NOW + 9999)
    verifier.verify(old)
    issuer.keys = [published(key_for("RS256", 1), "second", "RS256")]
    new = issuer.token(key=key_for("RS256", 1), header={"kid": "second"}, exp=NOW + 9999)
    refused(verifier, new, "签名密钥")
    assert issuer.asked == [DISCOVERY, KEYS]
    issuer.clock.goes_on(seconds=60)
    verifier.verify(new)
    refused(verifier, old, "签名密钥")


def test_unknown_keys_make_it_ask_once_a_minute(issuer: Issuer) -> None:
    verifier = issuer.verifier()
    for number in range(180):
        refused(verifier, issuer.token(header={"kid": f"unknown-{number}"}), "签名密钥")
        issuer.clock.goes_on(seconds=1)
    assert len(issuer.asked) == 2 * 3


def test_keys_are_kept_for_a_quarter_of_an_hour(issuer: Issuer) -> None:
    verifier, token = issuer.verifier(), issuer.token(exp=NOW + 9999)
    for minutes, asked in ((0, 1), (14, 1), (1, 2), (1, 2)):
        issuer.clock.goes_on(minutes=minutes)
        verifier.verify(token)
        assert len(issuer.asked) == 2 * asked


def test_kept_keys_serve_for_a_day_while_the_provider_is_away(issuer: Issuer) -> None:
    verifier, token = issuer.verifier(), issuer.token(exp=NOW + 10**6)
    verifier.verify(token)
    issuer.away = True
    issuer.clock.goes_on(hours=23, minutes=59)
    verifier.verify(token)
    with pytest.raises(IdentityProviderUnavailable):
        verifier.verify(issuer.token(header={"kid": "second"}))
    issuer.clock.goes_on(minutes=1)
    with pytest.raises(IdentityProviderUnavailable):
        verifier.verify(token)
    issuer.away = False
    issuer.clock.goes_on(seconds=5)
    verifier.verify(token)


def test_a_provider_that_was_never_there_is_asked_again_after_a_pause(issuer: Issuer) -> None:
    verifier, token = issuer.verifier(), issuer.token()
    issuer.away = True
    for _ in range(3):
        with pytest.raises(IdentityProviderUnavailable):
            verifier.verify(token)
    assert issuer.asked == [DISCOVERY]
    issuer.away = False
    issuer.clock.goes_on(seconds=5)
    verifier.verify(token)


def test_a_clock_that_is_set_back_does_not_stop_it(issuer: Issuer) -> None:
    verifier = issuer.verifier()
    verifier.verify(issuer.token())
    issuer.clock.goes_on(days=-400)
    verifier.verify(issuer.token())


def test_many_at_once_ask_once(issuer: Issuer) -> None:
    verifier, token = issuer.verifier(), issuer.token()
    with ThreadPoolExecutor(16) as pool:
        assert {claims.subject for claims in pool.map(verifier.verify, [token] * 64)} == {"zhang.san"}
    assert issuer.asked == [DISCOVERY, KEYS]


def test_who_has_a_key_does_not_wait_for_a_slow_provider(issuer: Issuer) -> None:
    verifier, token = issuer.verifier(), issuer.token(exp=NOW + 9999)
    verifier.verify(token)
    asked, go_on = threading.Event(), threading.Event()

    def held_up(request: BaseHTTPRequestHandler) -> None:
        asked.set()
        go_on.wait(4)
        send(request, json.dumps({"keys": issuer.keys}).encode())

    issuer.instead = held_up
    issuer.clock.goes_on(minutes=16)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(verifier.verify, token)
        assert asked.wait(4)
        verifier.verify(token)
        assert not waiting.done()
        go_on.set()
        assert waiting.result().subject == "zhang.san"


def dripping(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        for _ in range(100):
            request.wfile.write(b" ")
            time.sleep(0.05)
    except OSError:
        pass


def dripping_head(request: BaseHTTPRequestHandler) -> None:
    try:
        for _ in range(100):
            request.wfile.write(b"H")
            time.sleep(0.05)
    except OSError:
        pass


def silent(request: BaseHTTPRequestHandler) -> None:
    time.sleep(1)
    request.close_connection = True


def huge(request: BaseHTTPRequestHandler) -> None:
    send(request, b'{"keys": []}' + b" " * fetching.MOST_BYTES)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b" " * 100_000)
    except OSError:
        pass


def half(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"keys": [')


def mute(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"nonsense\r\n\r\n")


@pytest.mark.parametrize("answer", [dripping, dripping_head, silent, huge, endless, half, mute])
def test_slow_and_huge_answers_end(issuer: Issuer, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WAIT_S", 0.4)
    issuer.instead = answer
    began = time.monotonic()
    with pytest.raises(IdentityProviderUnavailable) as away:
        issuer.verifier().verify(issuer.token())
    assert time.monotonic() - began < 3
    assert away.value.way_out


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": []}', b'{"keys": [1]}', b"\xff", deep(9000)]
)
def test_nonsense_instead_of_keys_is_no_answer(issuer: Issuer, body: bytes) -> None:
    verifier, token = issuer.verifier(), issuer.token(exp=NOW + 9999)
    verifier.verify(token)
    issuer.instead = lambda request: send(request, body)
    issuer.clock.goes_on(minutes=16)
    verifier.verify(token)
    with pytest.raises(IdentityProviderUnavailable):
        issuer.verifier().verify(token)


@pytest.mark.parametrize(
    "other",
    [
        {"issuer": "https://elsewhere"},
        {"issuer": None},
        {"jwks_uri": None},
        {"jwks_uri": 7},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "http://192.0.2.1/keys"},
        {"jwks_uri": "http://127.0.0.1:0/keys"},
        {"jwks_uri": "http://127.0.0.1:99999/keys"},
        {"jwks_uri": "http://127.0.0.1@192.0.2.1/keys"},
        {"jwks_uri": "http://127.0.0.1/keys\r\nX: y"},
    ],
    ids=str,
)
def test_a_discovery_that_is_not_the_issuers_own_is_not_followed(
    issuer: Issuer, other: dict[str, Any]
) -> None:
    issuer.documents[DISCOVERY] |= other
    with pytest.raises(IdentityProviderUnavailable):
        issuer.verifier().verify(issuer.token())
    assert issuer.asked == [DISCOVERY]


def test_a_discovery_from_outside_does_not_lead_into_this_machine(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = {"issuer": "https://outside.invalid", "jwks_uri": f"{issuer.address}{KEYS}"}
    monkeypatch.setattr(fetching, "_document", lambda _address: outside)
    with pytest.raises(IdentityProviderUnavailable):
        fetching.fetch_keys(Provider("https://outside.invalid", AUDIENCE))
    assert not issuer.asked


def test_redirections_and_proxies_are_not_followed(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", f"{trap.address}{KEYS}")
        request.end_headers()

    with issuing() as trap:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, trap.address)
        issuer.verifier().verify(issuer.token())
        issuer.instead = elsewhere
        with pytest.raises(IdentityProviderUnavailable):
            issuer.verifier().verify(issuer.token())
        assert not trap.asked


def test_a_provider_must_prove_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over TLS, by a certificate the machine trusts; what drips there is cut off too."""
    own = certificate(tmp_path)
    with issuing(own) as issuer:
        token = issuer.token()
        with pytest.raises(IdentityProviderUnavailable):
            issuer.verifier().verify(token)
        assert not issuer.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        assert issuer.verifier().verify(token).subject == "zhang.san"
        monkeypatch.setattr(fetching, "WAIT_S", 0.4)
        issuer.instead = dripping
        began = time.monotonic()
        with pytest.raises(IdentityProviderUnavailable):
            issuer.verifier().verify(token)
        assert time.monotonic() - began < 3


# Over HTTP, and in the settings.


@pytest.mark.parametrize(
    ("refusal", "status", "kind", "header"),
    [
        (NotSignedIn("没有登录", way_out="请登录"), 401, "not-signed-in", ("WWW-Authenticate", "Bearer")),
        (
            IdentityProviderUnavailable("不在", way_out="请稍后重试"),
            503,
            "identity-provider-unavailable",
            ("Retry-After", "5"),
        ),
    ],
)
def test_the_answer_says_how_to_go_on(
    refusal: ServiceError, status: int, kind: str, header: tuple[str, str]
) -> None:
    app = Service()
    guard(app, Settings(home=Path("unused")))

    @app.get("/asked", responses=refusals(status))
    def asked() -> None:
        raise refusal

    answer = TestClient(app).get("/asked")
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert answer.headers[header[0]] == header[1]
    assert header[0] in app.openapi()["paths"]["/asked"]["get"]["responses"][str(status)]["headers"]


def named(**values: str) -> Provider | None:
    return read_settings({f"GIS_OIDC_{name}": value for name, value in values.items()}).oidc


@pytest.mark.parametrize(
    "issuer",
    [
        "https://sso.example/realms/office",
        "https://sso.example:8443/",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost",
    ],
)
def test_a_provider_is_named_in_the_settings(issuer: str) -> None:
    assert named(ISSUER=issuer, AUDIENCE="registers") == Provider(issuer, "registers")
    keys = "https://keys.example/jwks?version=2"
    named_keys = named(ISSUER=issuer, AUDIENCE="registers", JWKS_URL=keys)
    assert named_keys == Provider(issuer, "registers", keys)


def test_nobody_is_believed_unless_named() -> None:
    assert named() is None
    assert named(ISSUER="", AUDIENCE=" ") is None


@pytest.mark.parametrize(
    "values",
    [
        {"ISSUER": "https://sso.example"},
        {"AUDIENCE": "registers"},
        {"JWKS_URL": "https://sso.example/keys"},
        *(
            {"ISSUER": issuer, "AUDIENCE": "registers"}
            for issuer in (
                "http://sso.example",
                "http://10.0.0.1",
                "http://127.0.0.1.example",
                "http://localhost.example",
                "https://",
                "https:///path",
                "https://user:hidden@sso.example",
                "https://sso.example/#hidden",
                "https://sso.example/?hidden",
                "https://sso.example:99999",
                "https://sso.example/a b",
                "https://登录.example",
                "http://127.0.0.1\\@sso.example",
                "ftp://sso.example",
                "sso.example",
            )
        ),
        {"ISSUER": "https://sso.example", "AUDIENCE": "registers", "JWKS_URL": "http://sso.example/hidden"},
    ],
    ids=str,
)
def test_a_provider_that_cannot_be_trusted_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        named(**values)
    assert "GIS_OIDC_" in refusal.value.message
    assert "hidden" not in str(refusal.value)


def test_only_what_has_the_form_of_a_token_looks_like_one(issuer: Issuer) -> None:
    assert looks_like_jwt(issuer.token())
    assert looks_like_jwt(f"{part(b'{ }')}.{part(b'{}')}.")
    for other in (
        "",
        "gis_abc.def.ghi",
        "abc",
        "a.b.c",
        "Bearer eyJ.eyJ.x",
        f"{issuer.token()}\n",
        "eyJ.eyJ",
    ):
        assert not looks_like_jwt(other)
