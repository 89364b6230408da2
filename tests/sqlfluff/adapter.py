"""What sqlfluff knows of dbt's `adapter`: an engine-dependent expression is some expression to the linter."""

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """Stand in for `adapter.dispatch(...)(...)`: what is made of an expression or a step is one too."""
    if macro_name in ("quoted_text", "quoted_name"):
        quote = "'" if macro_name == "quoted_text" else '"'
        return lambda text: f"{quote}{text or 'nothing'}{quote}"
    return lambda *arguments, **named_arguments: (
        str(arguments[0]) if arguments else f"{macro_name}_of_the_engine"
    )


def get_columns_in_relation(relation: object) -> list[dict[str, str]]:
    """Stand in for `adapter.get_columns_in_relation`: one column."""
    return [{"name": "some_column"}]
