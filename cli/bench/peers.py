"""The peers of `./graft bench backbones`: the same networks in timm, with PyTorch.

    peers.py export ARCHITECTURE INPUT_SIZE FILE                        writes the ONNX file of PyTorch's own exporter
    peers.py measure ARCHITECTURE INPUT_SIZE THREADS MILLIS BATCH,...   prints {"BATCH": pictures a second, ...}

Needs torch and timm; exporting needs onnx (and onnxscript where torch asks for it). Nothing is downloaded: the weights
are timm's initial ones.
"""

import json
import statistics
import sys
import time

import timm
import torch

ROUNDS = 3
OPSET = 17


def network(architecture, input_size):
    sized = {"img_size": input_size} if architecture.startswith("vit") else {}
    model = timm.create_model(architecture, pretrained=False, **sized)
    model.reset_classifier(0)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # Some start as zero, which an exporter would fold to nothing.
            torch.nn.init.uniform_(module.weight, 0.9, 1.1)
    return model.eval()


def export(architecture, input_size, file):
    size = int(input_size)
    images = torch.randn(2, 3, size, size)
    model = network(architecture, size)
    with torch.inference_mode(False), torch.no_grad():
        try:
            # The exporter that follows one run of the model; its graphs are the faster ones in ONNX Runtime.
            torch.onnx.export(model, images, file, opset_version=OPSET, dynamo=False, do_constant_folding=True,
                              input_names=["images"], dynamic_axes={"images": {0: "batch"}})
        except (TypeError, ModuleNotFoundError):
            torch.onnx.export(model, (images,), file, input_names=["images"],
                              dynamic_shapes=[{0: torch.export.Dim("batch")}], external_data=False)


def speed(model, batch, size, seconds):
    images = torch.randn(batch, 3, size, size)
    model(images)
    rounds = []
    for _ in range(ROUNDS):
        started, passes = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - started) < seconds or passes == 0:
            model(images)
            passes += 1
        rounds.append(passes * batch / elapsed)
    return statistics.median(rounds)


def measure(architecture, input_size, threads, millis, batches):
    torch.set_num_threads(int(threads))
    size = int(input_size)
    model = network(architecture, size)
    with torch.inference_mode():
        speeds = {batch: round(speed(model, int(batch), size, int(millis) / 1000), 1) for batch in batches.split(",")}
    print(json.dumps(speeds))


if __name__ == "__main__":
    {"export": export, "measure": measure}[sys.argv[1]](*sys.argv[2:])
