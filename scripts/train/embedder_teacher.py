"""A teacher network, run in torch."""
# SPDX-License-Identifier: MIT

import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1) * 255
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1) * 255


class OnnxTeacher:
    """Runs a plain convolutional ONNX graph in torch; returns the outputs of its
    28-, 14- and 7-pixel stages and the embedding."""

    def __init__(self, path, dtype=torch.bfloat16):
        g = onnx.load(path).graph
        self.dtype, self.input, self.output = dtype, g.input[0].name, g.output[0].name
        w = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in g.initializer}
        self.steps = []
        for n in g.node:
            a = {x.name: helper.get_attribute_value(x) for x in n.attribute}
            if n.op_type == 'Conv':
                k = w[n.input[1]].to(dtype).contiguous(memory_format=torch.channels_last)
                b = w[n.input[2]].to(dtype)
                s, p, grp = a['strides'][0], a['pads'][0], a['group']
                fn = (lambda x, k=k, b=b, s=s, p=p, grp=grp: F.conv2d(x, k, b, s, p, 1, grp))
            elif n.op_type == 'Clip':
                fn = (lambda x, lo=a['min'], hi=a['max']: x.clamp_(lo, hi))
            elif n.op_type == 'Relu':
                fn = (lambda x: x.relu_())
            elif n.op_type == 'Add':
                fn = (lambda x, y: x + y)
            elif n.op_type in ('Reshape', 'Flatten'):
                fn = (lambda x: x.flatten(1))
            elif n.op_type == 'Constant':
                continue
            else:
                raise ValueError('teacher op ' + n.op_type)
            ins = [i for i in n.input if i not in w][:2 if n.op_type == 'Add' else 1]
            self.steps.append((n.op_type, fn, ins, n.output[0]))

    @torch.no_grad()
    def __call__(self, x):
        v = {self.input: ((x - MEAN) / STD).to(self.dtype).contiguous(memory_format=torch.channels_last)}
        stage = {}
        for op, fn, ins, out in self.steps:
            y = v[out] = fn(*[v[i] for i in ins])
            if op == 'Add':
                stage[y.shape[2]] = y
        return [stage[28], stage[14], stage[7], v[self.output].float()]
