"""Which model of escalating a day uses, and fitting it month by month in a replay."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from models import registry
from models.risk import fit_risk, is_enough, is_worth, quality_of
from signals.likelihood import Likelihood, LikelihoodOn, read_likelihood
from signals.settings import Settings
from signals.store.escalations import examples
from signals.store.warehouse import reading


def likelihood_source(settings: Settings) -> LikelihoodOn:
    """A function that gives a day the newest version fitted on facts known before it, of those there are now."""
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        known = registry.versions(connection, registry.RISK)
    opened: dict[str, Likelihood] = {}

    def likelihood_on(day: date) -> Likelihood | None:
        model = registry.in_force(known, before=day)
        if model is None:
            return None
        if model.version not in opened:
            opened[model.version] = read_likelihood(model.folder(settings.models_folder))
        return opened[model.version]

    return likelihood_on


def fitted_monthly(settings: Settings) -> Callable[[Path], LikelihoodOn]:
    """For the warehouse of a replay: as if `jianwei retrain risk` ran on every first day of a month."""

    def source(warehouse: Path) -> LikelihoodOn:
        newest: Likelihood | None = None

        def likelihood_on(day: date) -> Likelihood | None:
            nonlocal newest
            if day.day == 1:
                through = day - timedelta(days=1)
                with reading(warehouse) as connection:
                    known = examples(connection, through, settings.answer_days)
                if is_enough(known) and is_worth(quality_of(known)):
                    newest = fit_risk(known, f"{through:%Y%m%d}")
            return newest

        return likelihood_on

    return source
