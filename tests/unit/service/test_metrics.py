"""The metrics as a scraper reads them."""

import math
from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from sendwright.service.ground import Outlook
from sendwright.service.metrics import Metrics

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def samples(
    metrics: Metrics, *, version: int | None = 1, oldest: datetime | None = None, outlook: Outlook | None = None
) -> dict[str, float]:
    counts, outlook = {"queued": 3, "sent": 5}, outlook or Outlook()
    text = metrics.render(counts=counts, oldest=oldest, version=version, now=NOW, outlook=outlook).decode()
    return {
        "".join([sample.name, *(f" {value}" for value in sample.labels.values())]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_happened_is_counted() -> None:
    metrics = Metrics()
    for counter in ("accepted", "sent", "failed", "expired", "retrying", "perhaps_twice"):
        assert samples(metrics)[f"sendwright_notifications_{counter}_total"] == 0
        getattr(metrics, counter).inc(2)
        assert samples(metrics)[f"sendwright_notifications_{counter}_total"] == 2


def test_the_queue_is_shown_as_it_stands_with_every_state() -> None:
    found = samples(Metrics(), oldest=NOW - timedelta(seconds=90))
    states = {name.split()[1]: value for name, value in found.items() if name.startswith("sendwright_queue_notific")}
    assert states == {"queued": 3, "retrying": 0, "sending": 0, "sent": 5, "failed": 0, "expired": 0}
    assert found["sendwright_queue_oldest_seconds"] == 90


def test_an_empty_queue_has_no_age_and_no_sender_is_minus_one() -> None:
    found = samples(Metrics(), version=None)
    assert found["sendwright_queue_oldest_seconds"] == 0
    assert found["sendwright_sender_version"] == -1
    assert samples(Metrics(), version=0)["sendwright_sender_version"] == 0


def test_attempts_are_timed_by_how_they_ended() -> None:
    metrics = Metrics()
    metrics.attempt.labels("sent").observe(0.2)
    metrics.attempt.labels("failed").observe(7)
    found = samples(metrics)
    assert found["sendwright_attempt_seconds_count sent"] == 1
    assert found["sendwright_attempt_seconds_sum failed"] == 7
    assert found["sendwright_attempt_seconds_bucket 0.25 sent"] == 1
    assert found["sendwright_attempt_seconds_bucket 0.1 sent"] == 0


def test_two_backends_in_one_process_count_for_themselves() -> None:
    one, other = Metrics(), Metrics()
    one.sent.inc()
    assert samples(other)["sendwright_notifications_sent_total"] == 0


def test_what_troubles_the_sender_is_shown_by_name_and_only_as_long_as_it_does() -> None:
    metrics = Metrics()
    for problem in ("sign-in-revoked", "own-certificate-expired"):
        found = samples(metrics, outlook=Outlook(trouble=problem))
        assert {name: value for name, value in found.items() if "trouble" in name} == {
            f"sendwright_sender_trouble {problem}": 1
        }
    assert not any("sender_trouble" in name for name in samples(metrics))


def test_the_end_of_a_credential_is_counted_down() -> None:
    metrics = Metrics()
    name = "sendwright_sender_credential_expires_seconds"
    for seconds in (3600, -60):
        assert samples(metrics, outlook=Outlook(expires_at=NOW + timedelta(seconds=seconds)))[name] == seconds
    assert math.isnan(samples(metrics)[name])
