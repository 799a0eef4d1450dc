"""Checks that `samconfig.toml` and the two templates fit each other, as `sam deploy` reads them.

Every parameter that is given is one of the template; every one without a default is given. What
template.yaml takes of a database are the outputs of infra/database.yaml: those are made up here.
"""

import json
import pathlib
import sys
import tempfile

import tomlkit
from samcli.cli.types import CfnParameterOverridesType
from samcli.yamlhelper import yaml_parse

# Whose outputs an environment takes.
DATABASES = {"dev": "dev-database", "prod": "prod-database"}


def template(name):
    """A template, as sam reads it."""
    return yaml_parse((ROOT / name).read_text())


def given(overrides, outputs):
    """What parameters come to, with these in the place of the file of outputs."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(outputs, file)
        file.flush()
        named = [f"file://{file.name}" if it.startswith("file://") else it for it in overrides]
        return CfnParameterOverridesType().convert(named, None, None)


def complaints(environment, options, outputs):
    """What does not fit in one environment."""
    parameters = template(options["template_file"])["Parameters"]
    values = given(options["parameter_overrides"], outputs)
    for name in values.keys() - parameters.keys():
        yield f"{environment}: {options['template_file']} has no parameter {name}"
    for name, parameter in parameters.items():
        if "Default" not in parameter and name not in values:
            yield f"{environment}: {name} has no value"
        allowed = [str(it) for it in parameter.get("AllowedValues", [])]
        if allowed and name in values and values[name] not in allowed:
            yield f"{environment}: {name} cannot be {values[name]}"


def main():
    environments = tomlkit.parse((ROOT / "samconfig.toml").read_text()).unwrap()
    environments = {name: it["deploy"]["parameters"] for name, it in environments.items() if name != "version"}
    wrong = []
    for name, options in environments.items():
        outputs = {}
        if name in DATABASES:
            outputs = dict.fromkeys(template(environments[DATABASES[name]]["template_file"])["Outputs"], "x")
            file = f"file://.{options['stack_name']}.yaml"
            if file not in options["parameter_overrides"]:
                wrong.append(f"{name}: {file} is not read")
        wrong.extend(complaints(name, options, outputs))
    if not DATABASES.keys() <= environments.keys():
        wrong.append("an environment is missing")
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv[1])
    main()
