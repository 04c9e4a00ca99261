"""The list of attacks, over HTTP, against an operator's server: each is refused and leaves no trace."""

import json
import subprocess
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from fo_platform_tests.processes import PATIENCE_SECONDS
from fo_platform_tests.web.served_office import LAUNCH, ServedOffice, command

JSON = "application/json"
EVIL = "http://evil.example"
BANK = '{path: ["raw", "bank"]}'
FORGERY = f"reportRunlessAssetEvents(eventParams: {{eventType: ASSET_MATERIALIZATION, assetKey: {BANK}}})"
WIPING = f"wipeAssets(assetPartitionRanges: [{{assetKey: {BANK}}}])"


def graphql(query: str) -> str:
    return json.dumps({"query": query})


@dataclass(frozen=True)
class Attack:
    """One request: by default the launch of a run, sent as our own page would send it."""

    status: int
    method: str = "POST"
    path: str = "/dagster/graphql"
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = JSON
    body: str | None = None
    says: str = ""


ATTACKS = {
    "a launch by GET": Attack(405, "GET", path="/dagster/graphql?query={launch}&variables={params}"),
    "a launch by GET under an encoded path": Attack(405, "GET", path="/dagster/%67raphql?query={launch}"),
    "a launch by PUT": Attack(405, "PUT"),
    "a launch from a foreign page": Attack(403, headers={"Origin": EVIL}),
    "a launch from a foreign page without origin": Attack(403, headers={"Origin": "", "Referer": f"{EVIL}/a"}),
    "a launch from no page": Attack(403, headers={"Origin": ""}),
    "a launch from a sandboxed frame": Attack(403, headers={"Origin": "null"}),
    "a launch from another server of this machine": Attack(403, headers={"Origin": "http://127.0.0.1:1"}),
    "a launch under a rebound name": Attack(403, headers={"Host": "evil.example", "Origin": EVIL}),
    "a page under a rebound name": Attack(403, "GET", "/dagster/runs", headers={"Host": "evil.example:80"}),
    "a launch as text": Attack(415, kind="text/plain"),
    "a launch as text that mentions JSON": Attack(415, kind="text/plain; application/json"),
    "a launch as a form": Attack(415, kind="application/x-www-form-urlencoded"),
    "a launch as a file": Attack(415, kind="multipart/form-data; boundary=x"),
    "a launch as GraphQL text": Attack(415, kind="application/graphql"),
    "a batch of launches": Attack(400, body="[{body}, {body}]", says="One GraphQL operation"),
    "introspection": Attack(
        400, body=graphql("{ __schema { types { name } } }"), says="introspection has been disabled"
    ),
    "a materialisation forged over REST": Attack(405, path="/dagster/report_asset_materialization/raw/bank", body="{}"),
    "a check forged over REST": Attack(405, path="/dagster/report_asset_check/raw/bank?check_name=c&passed=true"),
    "an observation forged over REST": Attack(405, path="/dagster/report_asset_observation/raw/bank", body="{}"),
    "a materialisation forged over GraphQL": Attack(
        400,
        body=graphql(f"mutation {{ {FORGERY} {{ __typename }} }}"),
        says="reportRunlessAssetEvents is not done here",
    ),
    "the history wiped": Attack(
        400, body=graphql(f"mutation {{ {WIPING} {{ __typename }} }}"), says="wipeAssets is not done here"
    ),
    "the history wiped under another name": Attack(
        400,
        body=graphql(f"mutation {{ ... on Mutation {{ setNuxSeen: {WIPING} {{ __typename }} }} }}"),
        says="wipeAssets is not done here",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_is_refused_and_leaves_no_trace(operator: ServedOffice, name: str) -> None:
    attack, before = ATTACKS[name], operator.trace()
    params = {"params": operator.launch_of("raw.bank")}
    launch = json.dumps({"query": LAUNCH, "variables": params})
    path = attack.path.replace("{launch}", quote(LAUNCH)).replace("{params}", quote(json.dumps(params)))
    answer = requests.request(
        attack.method,
        operator.url + path,
        headers=_sent({"Origin": operator.url, "Content-Type": attack.kind} | attack.headers),
        data=(attack.body or launch).replace("{body}", launch),
        timeout=PATIENCE_SECONDS,
    )
    assert (answer.status_code, operator.trace()) == (attack.status, before), answer.text
    assert attack.says in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def _sent(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}


def test_a_websocket_opens_for_our_own_page_and_for_no_other(operator: ServedOffice) -> None:
    address = operator.url.replace("http", "ws") + "/dagster/graphql"
    with connect(address, origin=operator.url, subprotocols=["graphql-ws"], open_timeout=PATIENCE_SECONDS) as socket:  # type: ignore[arg-type, list-item]
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv()) == {"type": "connection_ack"}
    for origin in (EVIL, None):
        with pytest.raises(InvalidStatus, match="403"):
            connect(address, origin=origin, subprotocols=["graphql-ws"], open_timeout=PATIENCE_SECONDS)  # type: ignore[arg-type, list-item]


def test_a_mutation_over_the_websocket_does_nothing(operator: ServedOffice) -> None:
    before = operator.trace()
    payload = {"query": LAUNCH, "variables": {"params": operator.launch_of("raw.bank")}}
    address = operator.url.replace("http", "ws") + "/dagster/graphql"
    with connect(address, origin=operator.url, subprotocols=["graphql-ws"], open_timeout=PATIENCE_SECONDS) as socket:  # type: ignore[arg-type, list-item]
        socket.send(json.dumps({"type": "start", "id": "1", "payload": payload}))
        assert json.loads(socket.recv())["type"] == "error"
    assert operator.trace() == before


def test_a_path_out_of_the_logs_reads_no_other_file(operator: ServedOffice) -> None:
    paths = (
        "/dagster/logs/..%2f..%2fdagster.yaml",
        "/dagster/logs/%2e%2e/%2e%2e/dagster.yaml",
        "/dagster/logs/..%2fdagster/yaml",
    )
    for path in paths:
        assert "telemetry" not in requests.get(operator.url + path, timeout=PATIENCE_SECONDS).text


def test_an_operator_materialises_an_asset(operator: ServedOffice) -> None:
    launched = operator.ask(LAUNCH, params=operator.launch_of("raw.bank"))["data"]["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess"
    assert operator.outcome(launched["run"]["runId"]) == "SUCCESS"


def test_a_second_daemon_on_the_same_home_is_refused(operator: ServedOffice) -> None:
    line, environ = command(operator.settings, "operate", 0, operator.module)
    second = subprocess.run(line, env=environ, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert second.returncode == 1
    assert "A daemon already runs on" in second.stderr


def test_a_viewer_reads_everything_and_launches_nothing(viewer: ServedOffice) -> None:
    assert viewer.ask("{ version }") == {"data": {"version": "1.13.27"}}
    before = viewer.trace()
    launched = viewer.ask(LAUNCH, params=viewer.launch_of("raw.bank"))
    assert launched["data"]["launchRun"]["__typename"] == "UnauthorizedError"
    assert viewer.trace() == before


def test_the_first_page_of_an_empty_office_says_what_to_do(viewer: ServedOffice) -> None:
    page = requests.get(viewer.url, timeout=PATIENCE_SECONDS)
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "The office has no figures yet." in page.text
    assert "Run `fo run`." in page.text
