"""Keras 3 on TensorFlow, as its documentation uses it. One JSON command a line in, one JSON answer a line out.

The network is the default one of ml/models (preset plain): the counts of parameters are held against each other.
"""
import json
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow  # noqa: E402
from keras import layers  # noqa: E402

state = {}


def network(shape):
    decay = keras.regularizers.L2(1e-5)
    x = first = keras.Input((shape["window"], shape["inputs"]))
    for _ in range(shape["blocks"]):
        x = layers.Conv1D(shape["filters"], shape["kernel"], padding="same", use_bias=False, kernel_initializer="he_normal", kernel_regularizer=decay)(x)
        x = layers.BatchNormalization(momentum=0.97, epsilon=1e-3)(x)
        x = layers.ReLU()(x)
        x = layers.SpatialDropout1D(0.1)(x)
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    x = layers.Dropout(0.2)(layers.Dense(shape["dense"], activation="relu", kernel_regularizer=decay)(x))
    model = keras.Model(first, layers.Dense(1, kernel_regularizer=decay)(x))
    model.compile(optimizer=keras.optimizers.Adam(3e-3, global_clipnorm=1.0), loss="mse")
    return model


def prepare(shape):
    random = np.random.default_rng(1)
    state["x"] = random.standard_normal((shape["windows"], shape["window"], shape["inputs"]), dtype=np.float32)
    state["y"] = random.random((shape["windows"], 1), dtype=np.float32)
    state["batch"] = shape["batch"]
    model = state["model"] = network(shape)
    return {"parameters": sum(int(np.prod(weight.shape)) for weight in model.trainable_weights), "version": f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}"}


def epoch(_):
    start, busy = time.perf_counter(), time.process_time()
    state["model"].fit(state["x"], state["y"], batch_size=state["batch"], epochs=1, shuffle=True, verbose=0)
    return {"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - busy}


def predict(asked):
    windows = state["x"][: asked["windows"]]
    start = time.perf_counter()
    for _ in range(asked["times"]):
        state["model"].predict_on_batch(windows)
    return {"seconds": (time.perf_counter() - start) / asked["times"]}


for line in sys.stdin:
    command = json.loads(line)
    answer = {"prepare": prepare, "epoch": epoch, "predict": predict}[command["do"]](command)
    print(json.dumps(answer), flush=True)
