"""The peers of `./graft bench backbones` and `./graft bench fine-tune`: the same networks in timm, with PyTorch.

    peers.py export ARCHITECTURE INPUT_SIZE FILE                        writes the ONNX file of PyTorch's own exporter
    peers.py measure ARCHITECTURE INPUT_SIZE THREADS MILLIS BATCH,...   prints {"BATCH": pictures a second, ...}
    peers.py fine-tune FOLDER                                           trains on the images that each line names

Needs torch and timm; exporting needs onnx (and onnxscript where torch asks for it). Nothing is downloaded: the weights
are timm's initial ones, or those in the folder.
"""

import json
import math
import pathlib
import statistics
import sys
import time

import safetensors.torch
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


def tuned(folder, trial):
    """The network with the folder's weights, all frozen but what is trained."""
    trained = json.loads((folder / "trained.json").read_text())
    sized = {"img_size": trial["inputSize"]} if trial["architecture"].startswith("vit") else {}
    model = timm.create_model(trial["architecture"], pretrained=False, num_classes=trial["classes"], **sized)
    classifier = model.pretrained_cfg["classifier"]
    weights = {name.replace(trained["head"] + ".", classifier + "."): weight
               for name, weight in safetensors.torch.load_file(folder / "weights.safetensors").items()}
    lacking = model.load_state_dict(weights, strict=False)
    if lacking.unexpected_keys or any(not name.endswith("num_batches_tracked") for name in lacking.missing_keys):
        raise SystemExit(f"timm's {trial['architecture']} has other weights: {lacking}")
    names = {name.replace(trained["head"] + ".", classifier + ".") for name in trained["names"]}
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in names)
    return model.eval()  # Normalisations use the statistics that they have, as in Graft.


def descent(model, trial):
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return torch.optim.AdamW([
        {"params": [parameter for parameter in parameters if parameter.ndim > 1]},
        {"params": [parameter for parameter in parameters if parameter.ndim <= 1], "weight_decay": 0},
    ], lr=trial["learningRate"], weight_decay=trial["weightDecay"])


def fine_tune(folder):
    folder = pathlib.Path(folder)
    trial = json.loads((folder / "trial.json").read_text())
    torch.set_num_threads(trial["threads"])
    shape = (trial["images"], 3, trial["inputSize"], trial["inputSize"])
    pixels = torch.from_file(str(folder / "pixels.f32"), size=math.prod(shape)).reshape(shape)
    labels = torch.arange(trial["images"]) % trial["classes"]
    model = tuned(folder, trial)
    optimiser = descent(model, trial)
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    print(json.dumps({"parameters": trained, "trunk": False}), flush=True)
    for request in sys.stdin:
        order, losses, started = torch.tensor(json.loads(request)), [], time.perf_counter()
        for batch in order.split(trial["batchSize"]):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(pixels[batch]), labels[batch])
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        print(json.dumps({"seconds": time.perf_counter() - started, "losses": losses}), flush=True)


if __name__ == "__main__":
    {"export": export, "measure": measure, "fine-tune": fine_tune}[sys.argv[1]](*sys.argv[2:])
