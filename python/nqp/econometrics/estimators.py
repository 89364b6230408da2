"""Estimators of an instrumented equation beside two-stage least squares: LIML, Fuller, two-step GMM."""

from __future__ import annotations

TWO_STAGE = "2sls"
ESTIMATORS = (TWO_STAGE, "liml", "fuller", "gmm")
