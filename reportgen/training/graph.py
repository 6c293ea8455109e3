"""Find the state that a compiled training keeps between steps; refuse any that can't be saved."""

from collections.abc import Sequence
from typing import Any

from tensorflow.python.framework import op_def_registry

from reportgen.errors import Problem, TrainingError
from reportgen.training.tensorflow import tf

# Operations that read or change variables, call other graphs, or only report. Any other that TensorFlow
# itself declares to be stateful may keep something where no checkpoint can look.
_ALLOWED = frozenset(
    [
        "Assert",
        "AssignAddVariableOp",
        "AssignSubVariableOp",
        "AssignVariableOp",
        "Case",
        "CheckNumerics",
        "If",
        "LookupTableFindV2",
        "LookupTableSizeV2",
        "NoOp",
        "PartitionedCall",
        "PrintV2",
        "ReadVariableOp",
        "ResourceGather",
        "ResourceGatherNd",
        "RngReadAndSkip",
        "StatefulPartitionedCall",
        "StatefulStandardNormalV2",
        "StatefulUniform",
        "StatefulUniformFullInt",
        "StatefulUniformInt",
        "VarIsInitializedOp",
        "VariableShape",
        "While",
    ]
)
_ALLOWED_PREFIXES = ("ResourceApply", "ResourceScatter", "ResourceSparseApply", "ResourceStrided")
# Declared to be free of state, which holds for TensorFlow alone: they call Python or read files.
_OUTSIDE = frozenset(["MatchingFiles", "PyFuncStateless", "ReadFile"])


def hidden_variables(concrete: Any, known: Sequence[Any]) -> list[Any]:
    """Return the variables that a graph uses besides the known ones, in the order of their first use.

    Raises
    ------
    TrainingError
        If the graph holds an operation that may keep state elsewhere: hidden random generators, calls of
        Python, queues, files.
    """
    definition = concrete.graph.as_graph_def()
    nodes = [*definition.node, *(node for each in definition.library.function for node in each.node_def)]
    library = {each.signature.name for each in definition.library.function}
    hidden = sorted({node.op for node in nodes if node.op not in library and _keeps_state(node.op)})
    if hidden:
        raise TrainingError(
            Problem(
                "",
                0,
                f"the model or augmentation keeps state that can't be saved: {', '.join(hidden)}",
                "use tf.random.stateless_* with the given seed, or a keras.random.SeedGenerator of the layer",
            )
        )
    handles = {id(_variable(variable).handle) for variable in known}
    by_handle = {id(variable.handle): variable for variable in concrete.graph.variables}
    used = [by_handle[id(value)] for value in concrete.captured_inputs if id(value) in by_handle]
    return [variable for variable in used if id(variable.handle) not in handles]


def _keeps_state(op: str) -> bool:
    if op in _ALLOWED or op.startswith(_ALLOWED_PREFIXES):
        return False
    declared = op_def_registry.get(op)
    return declared is None or declared.is_stateful or op in _OUTSIDE


def _variable(variable: Any) -> Any:
    """Return the TensorFlow variable of a Keras one."""
    return variable if isinstance(variable, tf.Variable) else variable.value
