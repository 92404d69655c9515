"""Settings of one run: the only reader of the environment.

Everything written lies under `data_dir`. A value is looked for in this order: argument,
environment, `.env` beside the working folder, what `playhead auth` keeps (credentials
alone), default. Credentials are variables named PLAYHEAD_<SOURCE>_<FIELD>; a source one of
whose variables is set switches the mode from `sandbox` to `accounts` (docs/operations.md).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Self

from dotenv import dotenv_values

from warehouse.vault import FILE, Vault

Mode = Literal["sandbox", "accounts", "exports"]

PREFIX = "PLAYHEAD_"
DEFAULT_SEED = 20251101
# The house's own variables and what each is for: the one list of them.
HOUSE: Mapping[str, str] = {
    "PLAYHEAD_DATA_DIR": "where everything is written; default ./data",
    "PLAYHEAD_CATALOGUE_DIR": "the team's own CSV files; default ./catalogue "
    "(`playhead init` writes a first one)",
    "PLAYHEAD_CREDENTIALS_FILE": "where `playhead auth` keeps what it was given; "
    f"default {FILE} below the data folder",
    "PLAYHEAD_NOTIFY_URL": "notices of failed runs and stale sources are posted here as "
    "JSON",
    "PLAYHEAD_THREADS": "threads of dbt; default 2",
    "PLAYHEAD_LOADS_AT_ONCE": "sources loaded side by side; default 4",
    "PLAYHEAD_SCENARIO": "which simulated company (quiet, fatigue, outage ...); default "
    "default",
    "PLAYHEAD_SEED": "its dice",
    "PLAYHEAD_SANDBOX_URL": "a running `playhead sandbox`: it stands in for every "
    "platform, also for your own settings",
}
# The last one is set by us, for dbt's profile.
RESERVED = frozenset({*HOUSE, "PLAYHEAD_WAREHOUSE"})
QUIET = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    # Arrow rows get their load id only with this, and lineage needs it.
    "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    # What is loaded is in the warehouse: no second copy piles up night by night.
    "LOAD__DELETE_COMPLETED_JOBS": "true",
    # Small matrices: a second BLAS thread spins for nothing.
    "OPENBLAS_NUM_THREADS": "1",
}
REPOSITORY = Path(__file__).resolve().parents[1]


def quiet() -> None:
    """Turn off all phoning home; call before Dagster, dbt and dlt are imported."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was told. `credentials` never appears in a repr."""

    data_dir: Path
    mode: Mode = "sandbox"
    scenario: str = "default"
    seed: int = DEFAULT_SEED
    exports_dir: Path | None = None
    mapping_path: Path | None = None
    own_catalogue_dir: Path | None = None
    sandbox_url: str | None = None
    notify_url: str | None = field(default=None, repr=False)
    threads: int = 2
    loads_at_once: int = 4
    accept_shrink: bool = False
    rebuild: bool = False  # models that a night changes in part are built whole
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    credentials_file: Path | None = None

    @classmethod
    def load(
        cls,
        *,
        data_dir: Path | None = None,
        exports_dir: Path | None = None,
        mapping_path: Path | None = None,
        scenario: str | None = None,
        accept_shrink: bool = False,
        rebuild: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Self:
        """Read the environment and `.env`; arguments win."""
        if environ is None:
            environ = {
                **{k: v for k, v in dotenv_values(".env").items() if v is not None},
                **os.environ,
            }
        known = {k: v for k, v in environ.items() if k.startswith(PREFIX) and v}
        folder = (data_dir or Path(known.get("PLAYHEAD_DATA_DIR", "data"))).resolve()
        file = Path(known.get("PLAYHEAD_CREDENTIALS_FILE", folder / FILE)).expanduser()
        told = {k: v for k, v in known.items() if k not in RESERVED}
        credentials = {**Vault(file).values(), **told}
        mode: Mode = "accounts" if credentials else "sandbox"
        if exports_dir is not None:
            mode = "exports"
        catalogue = known.get("PLAYHEAD_CATALOGUE_DIR")
        return cls(
            data_dir=folder,
            mode=mode,
            scenario=scenario or known.get("PLAYHEAD_SCENARIO", "default"),
            seed=_number(known, "PLAYHEAD_SEED", DEFAULT_SEED),
            exports_dir=exports_dir.resolve() if exports_dir else None,
            mapping_path=mapping_path.resolve() if mapping_path else None,
            own_catalogue_dir=Path(catalogue).resolve() if catalogue else None,
            sandbox_url=known.get("PLAYHEAD_SANDBOX_URL"),
            notify_url=known.get("PLAYHEAD_NOTIFY_URL"),
            threads=_number(known, "PLAYHEAD_THREADS", 2, least=1),
            loads_at_once=_number(known, "PLAYHEAD_LOADS_AT_ONCE", 4, least=1),
            accept_shrink=accept_shrink,
            rebuild=rebuild,
            credentials=credentials,
            credentials_file=file.resolve(),
        )

    def with_sandbox(self, url: str) -> Self:
        """The same settings, every platform's host replaced by the sandbox's."""
        return replace(self, sandbox_url=url)

    @property
    def is_simulated(self) -> bool:
        return self.mode == "sandbox"

    @property
    def warehouse_path(self) -> Path:
        # The stem is the dbt database name: do not rename.
        return self.data_dir / "playhead.duckdb"

    @property
    def vault(self) -> Vault:
        """What `playhead auth` keeps."""
        return Vault(self.credentials_file or self.data_dir / FILE)

    @property
    def published_dir(self) -> Path:
        return self.data_dir / "published"

    @property
    def report_dir(self) -> Path:
        return self.data_dir / "report"

    @property
    def quarantine_dir(self) -> Path:
        return self.data_dir / "quarantine"

    @property
    def logs_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def sandbox_dir(self) -> Path:
        return self.data_dir / "sandbox"

    @property
    def catalogue_dir(self) -> Path:
        """Where the CSV files of the marketing team lie."""
        if self.mode == "sandbox":
            return self.sandbox_dir / "catalogue"
        return self.own_catalogue_dir or Path.cwd() / "catalogue"

    @property
    def dbt_dir(self) -> Path:
        return REPOSITORY / "dbt_project"


def _number(known: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    told = known.get(name, str(default))
    try:
        number = int(told)
    except ValueError as error:
        raise ValueError(f'{name} is "{told}": give it a whole number') from error
    if number < least:
        raise ValueError(f"{name} is {number}: give it at least {least}")
    return number
