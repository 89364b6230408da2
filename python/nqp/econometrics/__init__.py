"""Estimators and inference on panels: knows no study and no file; imports nothing of the project."""
