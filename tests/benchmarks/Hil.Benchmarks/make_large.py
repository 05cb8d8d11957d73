"""Writes an encoder of BERT-Base's size (110 M parameters, 438 MB, random weights) with PyTorch 1.13 (TorchScript exporter), for `--inspect`.

Usage: python3 make_large.py bert.onnx
"""
import math
import sys

import torch
from torch import nn

TOKENS, WIDTH, HEADS, HIDDEN, LAYERS, WORDS, LONGEST = 128, 768, 12, 3072, 12, 30522, 512


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def split(self, x):
        return x.view(1, -1, HEADS, WIDTH // HEADS).transpose(1, 2)

    def forward(self, x, mask):
        q, k, v = self.split(self.q(x)), self.split(self.k(x)), self.split(self.v(x))
        context = (q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask).softmax(-1) @ v
        return self.o(context.transpose(1, 2).reshape(1, -1, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.n1, self.n2 = Attention(), nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.f1, self.f2, self.act = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH), nn.GELU()

    def forward(self, x, mask):
        x = self.n1(x + self.attention(x, mask))
        return self.n2(x + self.f2(self.act(self.f1(x))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.places, self.kinds = nn.Embedding(WORDS, WIDTH), nn.Embedding(LONGEST, WIDTH), nn.Embedding(2, WIDTH)
        self.norm, self.blocks = nn.LayerNorm(WIDTH), nn.ModuleList(Block() for _ in range(LAYERS))
        self.pool, self.head = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2)
        self.register_buffer("positions", torch.arange(LONGEST)[None])

    def forward(self, input_ids, attention_mask, token_type_ids):
        places = self.places(self.positions[:, : input_ids.shape[1]])
        x = self.norm(self.words(input_ids) + places + self.kinds(token_type_ids))
        mask = (1.0 - attention_mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        for block in self.blocks:
            x = block(x, mask)
        return self.head(torch.tanh(self.pool(x[:, 0])))


torch.manual_seed(0)
inputs = tuple(torch.full((1, TOKENS), v, dtype=torch.long) for v in (0, 1, 0))
torch.onnx.export(
    Encoder().eval(), inputs, sys.argv[1], opset_version=17,
    input_names=["input_ids", "attention_mask", "token_type_ids"], output_names=["logits"])
