"""`playhead auth SOURCE`: let Playhead in, by the platform's page, a key or a token.

Which ways a source offers is in its SPEC. Not here: the walk (ingestion/consent.py), the
file in which it is kept (warehouse/vault.py). No secret is ever an argument or printed.
"""

import sys
import webbrowser
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

import click

from ingestion import consent, grants
from ingestion.access import WAYS
from ingestion.errors import CredentialRefused, SourceError
from ingestion.registry import sources
from ingestion.source import SourceModule
from ingestion.spec import Setting, SourceSpec
from ingestion.transport import Api
from orchestration.cli.check import QUICK
from orchestration.cli.common import data_dir_option, load
from orchestration.failures import EXIT_NOT_PUBLISHED
from warehouse import home
from warehouse.settings import Settings
from warehouse.vault import Kept

PORT = 8766


@click.command("auth")
@click.argument("source")
@data_dir_option
@click.option(
    "--token-file",
    type=click.File("r"),
    help="Read the token or key from this file, - for standard input; else it is asked.",
)
@click.option("--setting", help="Which setting that is, where the source has several.")
@click.option(
    "--service-account",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON key of a Google service account, instead of a person's consent.",
)
@click.option(
    "--port",
    type=int,
    default=PORT,
    show_default=True,
    help="Where the consent page sends the browser back to; 0 is any.",
)
@click.option("--no-browser", is_flag=True, help="Print the page's address only.")
@click.option(
    "--seconds", type=float, default=300.0, show_default=True, help="How long to wait."
)
@click.option("--forget", is_flag=True, help="Forget what is kept for this source.")
def command(
    source: str,
    data_dir: Path | None,
    token_file: TextIO | None,
    setting: str | None,
    service_account: Path | None,
    port: int,
    no_browser: bool,
    seconds: float,
    forget: bool,
) -> None:
    """Give Playhead access to SOURCE and keep it where only you can read it.

    Walks through the platform's own consent in a browser where SOURCE has an OAuth client
    (it asks for the client where none is set), else asks for a token or key.
    """
    module = _source(source)
    spec = module.SPEC
    settings = replace(load(data_dir), mode="accounts")
    _check_folder(settings)
    if forget:
        _forget(spec, settings)
        return
    settings = _without_ways(spec, settings)
    if service_account is not None:
        kept = _by_service_account(module, settings, service_account)
    elif token_file is None and setting is None and _walks(spec, settings):
        kept = _by_consent(module, settings, port, seconds, not no_browser)
    else:
        kept = _by_key(module, settings, _key(spec, setting), token_file)
    click.echo(f"{kept} is kept in {settings.vault.path}, which only you can read")
    try:
        accounts = module.accounts(Api(spec, _again(settings), QUICK))
    except SourceError as error:
        click.echo(f"{source}: {error}", err=True)
        sys.exit(EXIT_NOT_PUBLISHED)
    plural = "account" if len(accounts) == 1 else "accounts"
    click.echo(f"{source}: ok, {len(accounts)} {plural}: {', '.join(accounts[:3])}")


def _source(name: str) -> SourceModule:
    known = {each: m for each, m in sources().items() if m.SPEC.takes_credential}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"those that do: {', '.join(known)}"
    raise click.UsageError(f"no source {name!r} takes a credential: {hint}")


def _check_folder(settings: Settings) -> None:
    """A folder of the simulated company would be of two modes from then on."""
    record = home.read_record(settings)
    below = settings.vault.path.is_relative_to(settings.data_dir)
    if record is not None and record.mode != "accounts" and below:
        raise click.UsageError(
            f"{settings.data_dir} holds mode '{record.mode}': credentials belong to a "
            "folder of their own, choose another with --data-dir (or PLAYHEAD_DATA_DIR)"
        )


def _without_ways(spec: SourceSpec, settings: Settings) -> Settings:
    """The settings without what was kept to get in by: it is to be given anew.

    Raises: UsageError where the environment says it, which would win.
    """
    kept = settings.vault.values()
    credentials = dict(settings.credentials)
    for name in WAYS:
        variable = spec.variable(name)
        told = settings.credentials.get(variable)
        if told and kept.get(variable) != told:
            raise click.UsageError(
                f"{variable} is set in the environment or .env and wins over what is "
                "kept: take it out there first"
            )
        credentials.pop(variable, None)
    return replace(settings, credentials=credentials)


def _forget(spec: SourceSpec, settings: Settings) -> None:
    mine = {spec.variable(each.name) for each in spec.settings}
    gone = sorted(mine & set(settings.vault.read()))
    if gone:
        settings.vault.keep({}, forget=gone)
    click.echo(
        f"forgotten: {', '.join(gone)}; take back the access at {spec.title} too"
        if gone
        else f"nothing is kept for {spec.name}"
    )


def _walks(spec: SourceSpec, settings: Settings) -> bool:
    """Where a key would do as well, a client that is set decides for the consent."""
    if spec.consent is None:
        return False
    client = {each.name: each for each in spec.settings}[spec.consent.client[0]]
    return client.is_required or spec.variable(client.name) in settings.credentials


def _by_consent(
    module: SourceModule, settings: Settings, port: int, seconds: float, browser: bool
) -> str:
    spec = module.SPEC
    assert spec.consent is not None
    wanted = set(spec.consent.client)
    told = spec.consent.tells
    asked = _completed(spec, settings, wanted, skip={*WAYS, *told.values()})
    access = Api(spec, _with(settings, asked)).access

    def show(url: str) -> None:
        click.echo(f"Consent on this page of {spec.title}, within {seconds:.0f} s:")
        click.echo(url)
        if browser:
            webbrowser.open(url)

    grant = consent.walk(access, port=port, seconds=seconds, show=show)
    variable = access.keep(grant)
    for field, name in told.items():
        if field in grant.beside and spec.variable(name) not in settings.credentials:
            asked[spec.variable(name)] = grant.beside[field].removeprefix("https://")
    _keep(settings, asked)
    return variable


def _by_service_account(module: SourceModule, settings: Settings, path: Path) -> str:
    spec = module.SPEC
    if spec.consent is None or not spec.consent.service_account:
        raise click.UsageError(f"{spec.title} takes no service account")
    key = path.read_text()
    grants.service_account(key)
    skip = {*WAYS, *spec.consent.client}
    asked = _completed(spec, settings, set(), skip=skip)
    given = {**asked, spec.variable("SERVICE_ACCOUNT"): key}
    return _tried(module, settings, given, "SERVICE_ACCOUNT")


def _by_key(
    module: SourceModule, settings: Settings, key: Setting, file: TextIO | None
) -> str:
    spec = module.SPEC
    value = file.read().strip() if file is not None else _prompted(spec, key)
    if not value or not value.isprintable():
        raise click.UsageError(
            f"{spec.variable(key.name)}: that is no token, one line is"
        )
    optional = set(spec.consent.client) if spec.consent else set()
    asked = _completed(spec, settings, set(), skip={*WAYS, *optional, key.name})
    return _tried(module, settings, {**asked, spec.variable(key.name): value}, key.name)


def _tried(
    module: SourceModule, settings: Settings, given: Mapping[str, str], name: str
) -> str:
    """Keep a credential that the platform does not refuse."""
    spec = module.SPEC
    api = Api(spec, _with(settings, given), QUICK)
    try:
        module.accounts(api)
    except CredentialRefused:
        raise
    except SourceError:
        pass  # not the credential's fault: it is told once it is kept
    variable = spec.variable(name)
    _keep(settings, {each: v for each, v in given.items() if each != variable})
    api.access.keep_as(name, Kept(given[variable]))
    return variable


def _key(spec: SourceSpec, named: str | None) -> Setting:
    """The setting that a token or key is for."""
    skip = {"REFRESH_TOKEN", "SERVICE_ACCOUNT"}
    skip |= {spec.consent.client[1]} if spec.consent else set()
    secret = {s.name: s for s in spec.settings if s.is_secret and s.name not in skip}
    if named is not None:
        short = named.upper().removeprefix(spec.variable(""))
        if short not in secret:
            known = ", ".join(secret) or "none"
            raise click.UsageError(f"{spec.name} takes no key {named!r}: {known}")
        return secret[short]
    if not secret:
        raise click.UsageError(
            f"{spec.title} takes no token or key, only consent: "
            f"`playhead auth {spec.name}`"
        )
    return min(secret.values(), key=lambda each: not each.is_required)


def _completed(
    spec: SourceSpec, settings: Settings, wanted: set[str], *, skip: set[str]
) -> dict[str, str]:
    """What else is required or `wanted` and not set yet, asked for."""

    def missing() -> Iterator[Setting]:
        for each in spec.settings:
            is_wanted = each.name in wanted or (
                each.is_required and each.name not in skip
            )
            if is_wanted and spec.variable(each.name) not in settings.credentials:
                yield each

    return {spec.variable(each.name): _prompted(spec, each) for each in missing()}


def _prompted(spec: SourceSpec, setting: Setting) -> str:
    variable = spec.variable(setting.name)
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{variable} ({setting.says}) is not set and there is no terminal to ask on: "
            "set it in .env, or give a token with --token-file"
        )
    text = f"{variable} ({setting.says})"
    told: str = click.prompt(text, hide_input=setting.is_secret, err=True)
    return told.strip()


def _keep(settings: Settings, values: Mapping[str, str]) -> None:
    if values:
        settings.vault.keep({name: Kept(value) for name, value in values.items()})


def _with(settings: Settings, values: Mapping[str, str]) -> Settings:
    return replace(settings, credentials={**settings.credentials, **values})


def _again(settings: Settings) -> Settings:
    """The settings as the next run will find them."""
    return _with(settings, {**settings.vault.values(), **settings.credentials})
