"""Makes a Moonshine model cheap to run: folds its weights once instead of at every token.

The published decoder keeps int8 weights and turns them back to float (Cast, Mul, Add) in every step. Folding that into
constants and quantising the decoder's matrices dynamically keeps the accuracy and costs about a fifth of the time.
The encoder stays in float: quantising it costs both accuracy and time.

Usage: repack_moonshine.py ENCODER.ort DECODER.ort OUTPUT_FOLDER
Needs the onnx and onnxruntime packages at the versions pinned in Engines/manifest.json; fetch.py runs it in an
environment of its own and removes that environment afterwards.
"""

import pathlib
import sys
import tempfile

import onnx
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic


def rewrite(source: pathlib.Path, target: pathlib.Path, level) -> None:
    """Loads a model with one optimisation level and writes the resulting graph out as ONNX."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.optimized_model_filepath = str(target)
    options.add_session_config_entry("session.save_model_format", "ONNX")
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def name_branches(path: pathlib.Path) -> None:
    """Gives nameless branches of If nodes a name, without which the graph is refused on loading."""
    model = onnx.load(str(path))
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g") and not attribute.g.name:
                attribute.g.name = f"{node.name or node.op_type}_{attribute.name}"
    onnx.save(model, str(path))


def fold(source: pathlib.Path, target: pathlib.Path, work: pathlib.Path) -> None:
    plain = work / (target.stem + ".plain.onnx")
    rewrite(source, plain, onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL)
    name_branches(plain)
    rewrite(plain, target, onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC)
    name_branches(target)


def main() -> None:
    encoder, decoder, output = map(pathlib.Path, sys.argv[1:4])
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output) as folder:
        work = pathlib.Path(folder)
        fold(encoder, output / "encoder.onnx", work)
        folded = work / "decoder.onnx"
        fold(decoder, folded, work)
        quantize_dynamic(
            str(folded),
            str(output / "decoder.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
        )


if __name__ == "__main__":
    main()
