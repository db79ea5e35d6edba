"""Messages arrive at real servers on this machine: a webhook and a mail server; addresses stay secret."""

from __future__ import annotations

import logging

import pytest

from tests.postboxes import mail_server, webhook
from twentegeo.notifier import Message, addresses, tell

# importing all that Apprise knows touches modules that Python is about to drop
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

RED = Message("twentegeo Twente: nacht mislukt", "controle D01: laag pand heeft 7 rijen.", "failure")


def test_a_webhook_gets_title_text_and_kind() -> None:
    with webhook() as (address, got):
        assert tell(RED, [address])
    assert [(one["title"], one["message"], one["type"]) for one in got] == [(RED.title, RED.text, "failure")]


def test_mail_arrives() -> None:
    with mail_server() as (address, got):
        assert tell(RED, [address])
    assert len(got) == 1
    assert "nacht mislukt" in got[0]
    assert "laag pand heeft 7 rijen" in got[0]
    assert "beheer@twente.nl" in got[0]


def test_one_address_that_fails_does_not_keep_the_others_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    with webhook() as (good, got), webhook(status=500) as (bad, _):
        assert not tell(RED, [bad, good])
    assert len(got) == 1
    assert "could not be told" in caplog.text


@pytest.mark.parametrize("address", ["json://geheim:wachtwoord@127.0.0.1:9/x", "onbekend://geheim", "geheim"])
def test_an_address_is_never_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert not tell(RED, [address])
    ours = [record.getMessage() for record in caplog.records]
    assert any("could not be told" in one for one in ours)
    assert not any("geheim" in one or "wachtwoord" in one for one in ours)


def test_nothing_to_tell_or_nobody_to_tell_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    assert not tell(RED, [])
    assert not tell(None, ["json://127.0.0.1:9"])
    assert caplog.text == ""


def test_addresses_come_from_the_environment() -> None:
    assert addresses({"TWENTEGEO_NOTIFY": " mailtos://a\njsons://b "}) == ("mailtos://a", "jsons://b")
    assert addresses({}) == ()
