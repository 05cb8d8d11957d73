"""Writes the two small ONNX seeds: seeds_onnx.py FOLDER (needs numpy and onnx)."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RANDOM = np.random.default_rng(1)


def constant(name, *shape):
    return numpy_helper.from_array((RANDOM.standard_normal(shape) * 0.3).astype(np.float32), name)


def save(name, nodes, constants, in_shape, out_shape):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, in_shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out_shape)], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    with open(f"{sys.argv[1]}/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())


def mlp():
    node = helper.make_node
    nodes = [
        node("LayerNormalization", ["x", "g", "b"], ["n"], axis=-1, epsilon=1e-5),
        node("MatMul", ["n", "w1"], ["p1"]), node("Add", ["p1", "b1"], ["a1"]), node("Relu", ["a1"], ["r"]),
        node("MatMul", ["r", "w2"], ["p2"]), node("Add", ["x", "p2"], ["s"]), node("MatMul", ["s", "w3"], ["y"]),
    ]
    constants = [constant("g", 8), constant("b", 8), constant("w1", 8, 16), constant("b1", 16),
                 constant("w2", 16, 8), constant("w3", 8, 4)]
    save("mlp", nodes, constants, [1, 6, 8], [1, 6, 4])


def attention():
    node = helper.make_node
    constants = [
        constant("pos", 1, 5, 8), constant("g", 8), constant("b", 8), constant("wo", 8, 8), constant("wh", 8, 3),
        numpy_helper.from_array(np.array([0, 0, 2, 4], np.int64), "heads"),
        numpy_helper.from_array(np.array([0, 0, 8], np.int64), "merged"),
        numpy_helper.from_array(np.array(0.5, np.float32), "scale"),
    ]
    nodes = [node("Add", ["x", "pos"], ["s0"]),
             node("LayerNormalization", ["s0", "g", "b"], ["n"], axis=-1, epsilon=1e-5)]
    for t, order in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        constants += [constant("w" + t, 8, 8), constant("b" + t, 8)]
        nodes += [node("MatMul", ["n", "w" + t], ["m" + t]), node("Add", ["m" + t, "b" + t], ["a" + t]),
                  node("Reshape", ["a" + t, "heads"], ["r" + t]), node("Transpose", ["r" + t], ["t" + t], perm=order)]
    nodes += [
        node("MatMul", ["tq", "tk"], ["scores"]), node("Mul", ["scores", "scale"], ["scaled"]),
        node("Softmax", ["scaled"], ["p"], axis=-1), node("MatMul", ["p", "tv"], ["context"]),
        node("Transpose", ["context"], ["rows"], perm=[0, 2, 1, 3]), node("Reshape", ["rows", "merged"], ["m"]),
        node("MatMul", ["m", "wo"], ["o"]), node("Add", ["s0", "o"], ["s1"]), node("MatMul", ["s1", "wh"], ["y"]),
    ]
    save("attention", nodes, constants, [1, 5, 8], [1, 5, 3])


mlp()
attention()
