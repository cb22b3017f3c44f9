"""What this package uses of libraries though they do not promise it: when it moves, one sentence here says so.

`pyproject.toml` ends the ranges of these libraries where nobody has looked yet. Run this before you widen one.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from importlib.metadata import version
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "autograder"

SHELL = "IPython.core.interactiveshell:InteractiveShell"
HOOK = "IPython.core.displayhook:DisplayHook"
CONVERTER = "nbgrader.converters:Autograde"
USED = {
    "wall/inside/shell.py": (
        # What is overridden, with what IPython passes to it.
        (f"{SHELL}.display_pub_class", None),
        (f"{SHELL}.displayhook_class", None),
        (f"{SHELL}.compiler_class", None),
        (f"{SHELL}.enable_gui", "gui"),
        (f"{SHELL}.system", "cmd"),
        (f"{SHELL}.getoutput", "cmd split depth"),
        (f"{SHELL}.showtraceback", "exc_tuple"),
        (f"{SHELL}._showtraceback", "etype evalue stb"),
        (f"{SHELL}.transform_cell", "raw_cell"),
        (f"{SHELL}.run_ast_nodes", "nodelist cell_name interactivity compiler result"),
        (f"{SHELL}.should_run_async", "raw_cell"),
        ("IPython.core.compilerop:CachingCompiler.ast_parse", "source filename symbol"),
        ("IPython.core.displaypub:DisplayPublisher.publish", "data"),
        ("IPython.core.displaypub:DisplayPublisher.clear_output", "wait"),
        (f"{HOOK}.write_output_prompt", ""),
        (f"{HOOK}.write_format_data", "format_dict md_dict"),
        (f"{HOOK}.finish_displayhook", ""),
        (f"{HOOK}.log_output", "format_dict"),
        # What is called.
        (f"{SHELL}._get_exc_info", "exc_tuple"),
        (f"{SHELL}.autoawait", None),
        (f"{SHELL}.find_magic", "magic_name"),
        (f"{SHELL}.run_code", "code_obj result async_"),
        (f"{SHELL}.run_cell", "raw_cell store_history silent"),
        ("IPython.core.compilerop:CachingCompiler.extra_flags", "flags"),
    ),
    "screens/magics.py": ((f"{SHELL}.set_next_input", "s replace"),),
    "screens/history.py": (
        ("IPython.core.interactiveshell:ExecutionInfo", "raw_cell store_history silent shell_futures cell_id"),
        ("IPython.core.interactiveshell:ExecutionResult", "info"),
    ),
    "grading/suite.py": (
        ("_pytest.config:_prepareconfig", "args plugins"),
        ("_pytest.config:Config._do_configure", ""),
        ("pytest:Session.from_config", "config"),
        ("pytest:Module.from_parent", "parent"),
        ("pytest:Module._getobj", ""),
        ("_pytest.python:Function._initrequest", ""),
        ("_pytest.hookspec:pytest_pycollect_makemodule", "module_path parent"),
        ("_pytest.hookspec:pytest_runtest_protocol", "item nextitem"),
        ("_pytest.hookspec:pytest_runtest_makereport", "item call"),
    ),
    "nbgrader/plugin.py": (
        (f"{CONVERTER}.init_notebooks", ""),
        (f"{CONVERTER}._format_source", "assignment_id student_id"),
        (f"{CONVERTER}.exporter_class", None),
        (f"{CONVERTER}.create_student", None),
        (f"{CONVERTER}.permissions", None),
        ("nbconvert.exporters:NotebookExporter.from_filename", "filename resources"),
        ("nbconvert.exporters:NotebookExporter.from_notebook_node", "nb resources"),
    ),
    "nbgrader/pages.py": (
        ("nbconvert.exporters:Exporter._init_resources", "resources"),
        ("nbconvert.exporters:Exporter._preprocessors", None),
        ("nbconvert.exporters:Exporter.default_preprocessors", None),
    ),
    "nbgrader/course_folder.py": (
        (f"{CONVERTER}.autograde_preprocessors", None),
        (f"{CONVERTER}.exclude_overwriting", None),
        ("nbgrader.preprocessors:AssignLatePenalties.init_plugin", ""),
        ("nbgrader.preprocessors:AssignLatePenalties.plugin_inst", None),
    ),
    "classes/feedback.py": (("nbgrader.converters:GenerateFeedback.init_notebooks", ""),),
    "classes/fleet.py": (
        ("distributed:Scheduler.start_http_server", None),
        ("distributed:Worker.start_http_server", None),
        ("distributed:as_completed.has_ready", ""),
        ("distributed:Client.scheduler_info", "n_workers"),
        ("distributed.comm.core:CommClosedError", None),
    ),
    "classes/transport.py": (
        ("distributed.comm.registry:backends", None),
        ("distributed.comm.tcp:MAX_BUFFER_SIZE", None),
        ("distributed.comm.tcp:TCP", "stream local_addr peer_addr deserialize"),
        ("distributed.comm.tcp:TCP._read_extra", None),
        ("distributed.comm.tcp:BaseTCPBackend", None),
        ("distributed.comm.tcp:BaseTCPConnector", None),
        ("distributed.comm.tcp:BaseTCPListener._handle_stream", "stream address"),
        ("distributed.comm.tcp:TLSListener._prepare_stream", None),
        ("distributed.comm.tcp:TLSListener._get_server_args", None),
        ("distributed.comm.tcp:TCPBackend._connector_class", None),
        ("distributed.comm.tcp:TCPBackend._listener_class", None),
        ("tornado.netutil:bind_unix_socket", "file backlog"),
    ),
    "grading/page.py": (("nbformat.v4.rwbase:split_lines", "nb"),),
    "nbgrader/feedback/cells.py": (
        ("nbconvert.filters.markdown_mistune:IPythonRenderer.block_math", "body"),
        ("nbconvert.filters.markdown_mistune:IPythonRenderer.inline_math", "body"),
        ("nbconvert.filters.markdown_mistune:IPythonRenderer.latex_environment", "name body"),
        ("nbconvert.filters:ansi2html", "text"),
    ),
    "notebooks/markdown.py": (
        ("nbconvert.filters.markdown_mistune:IPythonRenderer", None),
        ("nbconvert.filters.markdown_mistune:MarkdownWithMath", None),
    ),
}
"""By the module that uses it: the name, and the parameters that are passed, None where it is not called."""

ENTRIES = [(user, name, parameters) for user, names in USED.items() for name, parameters in names]


@pytest.mark.parametrize(("user", "name", "parameters"), ENTRIES, ids=[name for _, name, _ in ENTRIES])
def test_what_is_used_of_a_library_is_where_it_was(user: str, name: str, parameters: str | None):
    library = name.partition(":")[0].partition(".")[0].removeprefix("_")
    sentence = f"{library} {version(library)}: {name} is not what autograder/{user} relies on"
    try:
        found = pkgutil.resolve_name(name)
    except (ImportError, AttributeError) as error:
        pytest.fail(f"{sentence}: {error}. See what took its place before the range in pyproject.toml is widened.")
    if parameters is None:
        return
    theirs = {key: one for key, one in inspect.signature(found).parameters.items() if key not in ("self", "cls")}
    named = {key for key, one in theirs.items() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}
    takes_any = any(one.kind is one.VAR_KEYWORD for one in theirs.values())
    gone = [] if takes_any else sorted(set(parameters.split()) - named)
    new = sorted(key for key in named - set(parameters.split()) if theirs[key].default is inspect.Parameter.empty)
    assert not gone, f"{sentence}: it has no parameter {gone}."
    assert not new, f"{sentence}: it wants {new} as well."


SAID = (
    (SHELL, "interactivity=interactivity, compiler=compiler, result=result"),
    (SHELL, "self.transform_cell(raw_cell)"),
    (SHELL, "self._showtraceback(etype, value, stb)"),
    (SHELL, "self.display_pub_class("),
    ("IPython.core.autocall:ExitAutocall", "self._ip.ask_exit()"),
    (HOOK, "self._is_active = False"),
    ("_pytest.python:PyobjMixin", "self._getobj()"),
    ("_pytest.runner:pytest_sessionstart", "session._setupstate = SetupState()"),
    ("distributed:Scheduler", "self.start_http_server("),
    ("distributed:Worker", "self.start_http_server("),
    ("distributed:Worker", "self.plugins"),
)
"""What the libraries' own text says: it has and calls what is used here, in this way."""


@pytest.mark.parametrize(("where", "text"), SAID)
def test_what_is_overridden_is_still_called(where: str, text: str):
    library = where.partition(":")[0].partition(".")[0].removeprefix("_")
    source = " ".join(inspect.getsource(pkgutil.resolve_name(where)).split())
    assert text in source, f"{library} {version(library)}: {where} does not say `{text}` any more."


def test_the_parts_of_pytest_that_are_left_out_have_these_names():
    from _pytest.config import default_plugins

    source = (PACKAGE / "grading" / "suite.py").read_text(encoding="utf-8")
    (names,) = (
        node.value.value.split()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "without"
    )
    gone = sorted({*names} - {*default_plugins})
    assert not gone, f"pytest has no plugins {gone} any more, which autograder/grading/suite.py leaves out by name."


def test_all_that_is_private_to_a_library_is_listed():
    """A private name that this package uses and does not define, or defines and never uses, is somebody else's."""
    defined, used = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    defined.add(name)
                case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
                    pass  # so that what is overridden counts as never used
                case ast.Attribute(ctx=ast.Store(), attr=name) | ast.Name(ctx=ast.Store(), id=name):
                    defined.add(name)
                case ast.Attribute(attr=name) | ast.Name(id=name):
                    used.add(name)
    pythons = {"_", "_exit", "_fields", "_fields_"}
    private = {name for name in used ^ defined if name.startswith("_") and not name.startswith("__")} - pythons
    words = " ".join([*(name for _, name, _ in ENTRIES), *(text for _, text in SAID)])
    listed = {*re.findall(r"\w+", words)}
    assert {"_getobj", "_prepareconfig"} <= private
    assert private <= listed, f"not in the lists of tests/test_internals.py: {sorted(private - listed)}"
