"""Writes the small ONNX models of this folder with PyTorch 1.13 (TorchScript exporter). Seeded: the same tools give the same files.

Usage: python3 make_exports.py [folder]
"""
import math
import os
import sys

import torch
from torch import nn

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


class Attention(nn.Module):
    """Attention with projections of their own, heads split by view and transpose."""

    def __init__(self, width, heads, key_width=None, value_size=None):
        super().__init__()
        self.heads = heads
        self.size = width // heads
        self.value_size = value_size or self.size
        key_width = key_width or width
        self.q, self.k = nn.Linear(width, width), nn.Linear(key_width, width)
        self.v, self.o = nn.Linear(key_width, self.value_size * heads), nn.Linear(self.value_size * heads, width)

    def split(self, x, size):
        return x.view(1, -1, self.heads, size).transpose(1, 2)

    def forward(self, x, memory=None, mask=None, bias=None):
        memory = x if memory is None else memory
        q, k, v = self.split(self.q(x), self.size), self.split(self.k(memory), self.size), self.split(self.v(memory), self.value_size)
        scores = q @ k.transpose(-1, -2) / math.sqrt(self.size)
        if bias is not None:
            scores = scores + bias
        if mask is not None:
            scores = scores + mask
        context = scores.softmax(-1) @ v
        return self.o(context.transpose(1, 2).reshape(1, -1, self.value_size * self.heads))


class PackedAttention(nn.Module):
    """Queries, keys and values of one product, as in timm's vision transformers."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x, memory=None, mask=None, bias=None):
        n, width = x.shape[1], x.shape[2]
        q, k, v = self.qkv(x).reshape(1, n, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-2, -1)
        return self.o((scores.softmax(-1) @ v).transpose(1, 2).reshape(1, n, width))


class LinearAttention(Attention):
    """φ(q)·(φ(k)ᵀ·v)/n, φ(x) = elu(x) + 1: two products without a softmax between; the norm after it stands for the sum that others divide by."""

    def __init__(self, width, heads):
        super().__init__(width, heads)
        self.norm = nn.LayerNorm(width)

    def forward(self, x, memory=None, mask=None, bias=None):
        q, k = (self.split(nn.functional.elu(p(x)) + 1, self.size) for p in (self.q, self.k))
        context = q @ (k.transpose(-1, -2) @ self.split(self.v(x), self.size) / x.shape[1])
        return self.o(self.norm(context.transpose(1, 2).reshape(1, -1, self.size * self.heads)))


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Block(nn.Module):
    def __init__(self, width, heads, hidden, pre=True, activation=nn.GELU, norm=nn.LayerNorm, attention=Attention, **more):
        super().__init__()
        self.pre = pre
        self.attention = attention(width, heads, **more)
        self.n1, self.n2 = norm(width), norm(width)
        self.f1, self.f2, self.act = nn.Linear(width, hidden), nn.Linear(hidden, width), activation()

    def forward(self, x, **masks):
        if self.pre:
            x = x + self.attention(self.n1(x), **masks)
            return x + self.f2(self.act(self.f1(self.n2(x))))
        x = self.n1(x + self.attention(x, **masks))
        return self.n2(x + self.f2(self.act(self.f1(x))))


class Encoder(nn.Module):
    """Embedding, blocks, classifier of every position."""

    def __init__(self, inputs, width, heads, hidden, layers=1, classes=4, mask=None, bias=None, **more):
        super().__init__()
        self.embed = nn.Linear(inputs, width)
        self.blocks = nn.ModuleList(Block(width, heads, hidden, **more) for _ in range(layers))
        self.head = nn.Linear(width, classes)
        if mask is not None:
            self.register_buffer("mask", mask)
        if bias is not None:
            self.bias = nn.Parameter(bias)

    def forward(self, x):
        x = self.embed(x)
        for block in self.blocks:
            x = block(x, mask=getattr(self, "mask", None), bias=getattr(self, "bias", None))
        return self.head(x)


class Vit(nn.Module):
    """Class token, positions, packed attention, classifier of the class token."""

    def __init__(self, inputs, rows, width, heads, hidden):
        super().__init__()
        self.embed, self.head = nn.Linear(inputs, width), nn.Linear(width, 4)
        self.token, self.positions = nn.Parameter(torch.randn(1, 1, width)), nn.Parameter(torch.randn(1, rows + 1, width))
        self.block, self.norm = Block(width, heads, hidden, attention=PackedAttention), nn.LayerNorm(width)

    def forward(self, x):
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), self.embed(x)], 1) + self.positions
        return self.head(self.norm(self.block(x))[:, 0])


class CrossAttention(nn.Module):
    def __init__(self, width, heads, memory):
        super().__init__()
        self.own, self.cross = Attention(width, heads), Attention(width, heads, key_width=memory)
        self.n1, self.n2, self.head = nn.LayerNorm(width), nn.LayerNorm(width), nn.Linear(width, 4)

    def forward(self, x, memory):
        x = self.n1(x + self.own(x))
        return self.head(self.n2(x + self.cross(x, memory)))


class Windows(nn.Module):
    """Attention within windows of side by side of an image, shifted, with a table of relative biases: Swin."""

    def __init__(self, width, heads, image, side, shift):
        super().__init__()
        self.heads, self.image, self.side, self.shift = heads, image, side, shift
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.table = nn.Parameter(torch.randn((2 * side - 1) ** 2, heads))
        places = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")).flatten(1)
        offsets = places[:, :, None] - places[:, None, :] + side - 1
        self.register_buffer("index", offsets[0] * (2 * side - 1) + offsets[1])
        if shift:
            region = torch.zeros(image, image)
            for i, part in enumerate([slice(0, -side), slice(-side, -shift), slice(-shift, None)]):
                region[part] += 3 * i
                region[:, part] += i
            region = self.split(region[None, :, :, None]).squeeze(-1)
            self.register_buffer("mask", (region[:, None] - region[:, :, None] != 0).float() * -100.0)

    def split(self, x):
        parts, side = self.image // self.side, self.side
        return x.view(-1, parts, side, parts, side, x.shape[-1]).permute(0, 1, 3, 2, 4, 5).reshape(-1, side * side, x.shape[-1])

    def forward(self, x, **masks):
        image, side, width = self.image, self.side, x.shape[-1]
        x = x.view(1, image, image, width)
        x = torch.roll(x, (-self.shift, -self.shift), (1, 2)) if self.shift else x
        x = self.split(x)
        windows, n = x.shape[0], side * side
        q, k, v = self.qkv(x).reshape(windows, n, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-2, -1)
        scores = scores + self.table[self.index.view(-1)].view(n, n, self.heads).permute(2, 0, 1).unsqueeze(0)
        if self.shift:
            scores = scores.view(1, windows, self.heads, n, n) + self.mask[None, :, None]
            scores = scores.view(windows, self.heads, n, n)
        x = self.o((scores.softmax(-1) @ v).transpose(1, 2).reshape(windows, n, width))
        parts = image // side
        x = x.view(1, parts, parts, side, side, width).permute(0, 1, 3, 2, 4, 5).reshape(1, image, image, width)
        x = torch.roll(x, (self.shift, self.shift), (1, 2)) if self.shift else x
        return x.reshape(1, image * image, width)


class Swin(nn.Module):
    def __init__(self, width, heads, image):
        super().__init__()
        self.embed = nn.Conv2d(3, width, 2, 2)
        self.blocks = nn.ModuleList(
            Block(width, heads, 2 * width, attention=lambda w, h, s=shift: Windows(w, h, image, 2, s)) for shift in (0, 1))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 4)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(1))


class Cct(nn.Module):
    """Convolutional tokens, positions, and a pool of the sequence by learned scores."""

    def __init__(self, width, heads, rows):
        super().__init__()
        self.conv, self.pool = nn.Conv2d(3, width, 3, padding=1), nn.MaxPool2d(3, 2, 1)
        self.positions = nn.Parameter(torch.randn(1, rows, width))
        self.block, self.norm = Block(width, heads, 2 * width), nn.LayerNorm(width)
        self.scores, self.head = nn.Linear(width, 1), nn.Linear(width, 4)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x))).flatten(2).transpose(-2, -1) + self.positions
        x = self.norm(self.block(x))
        return self.head(torch.matmul(self.scores(x).softmax(1).transpose(-1, -2), x).squeeze(-2))


class Bilinear(nn.Module):
    """Features of every position multiplied by features of every position and summed, as bilinear networks pool; and the products of positions by each other."""

    def __init__(self, inputs, rows, width, other):
        super().__init__()
        self.a, self.b, self.scale = nn.Linear(inputs, width), nn.Linear(inputs, other), 1 / rows
        self.head, self.pairs = nn.Linear(width * other, 4), nn.Linear(rows, 4)

    def forward(self, x):
        a, b = torch.tanh(self.a(x)), torch.relu(self.b(x))
        pooled = (a.transpose(1, 2) @ b * self.scale).flatten(1)
        return self.head(pooled) + self.pairs((a @ a.transpose(1, 2)).mean(1))


class Tokens(nn.Module):
    """Look-ups, a mask of padding, the first position's pooler: BERT."""

    def __init__(self, words, rows, width, heads, hidden, fill):
        super().__init__()
        self.word, self.place, self.kind = nn.Embedding(words, width), nn.Embedding(rows, width), nn.Embedding(2, width)
        self.norm, self.block = nn.LayerNorm(width), Block(width, heads, hidden, pre=False)
        self.pool, self.head = nn.Linear(width, width), nn.Linear(width, 2)
        self.fill = fill
        self.register_buffer("ids", torch.arange(rows).unsqueeze(0))

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.word(input_ids) + self.kind(token_type_ids) + self.place(self.ids[:, : input_ids.shape[1]])
        mask = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * self.fill
        x = self.block(self.norm(x), mask=mask)
        return self.head(torch.tanh(self.pool(x[:, 0])))


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class SwiGlu(nn.Module):
    """silu(a) times b, the halves of one product."""

    def forward(self, x):
        a, b = x.chunk(2, -1)
        return nn.functional.silu(a) * b


class GatedBlock(Block):
    """A feed-forward part whose first product is twice as wide as what its gate gives."""

    def __init__(self, width, heads, hidden, **more):
        super().__init__(width, heads, hidden, activation=SwiGlu, **more)
        self.f1 = nn.Linear(width, 2 * hidden)


class Gated(nn.Module):
    """A SwiGLU block with RMSNorm, then attention with a gate on its output, as in a gated transformer."""

    def __init__(self, inputs, width, heads, hidden):
        super().__init__()
        self.embed, self.head = nn.Linear(inputs, width), nn.Linear(width, 4)
        self.block, self.attention = GatedBlock(width, heads, hidden, norm=RmsNorm), Attention(width, heads)
        self.norm, self.gate = RmsNorm(width), nn.Linear(width, width)

    def forward(self, x):
        x = self.block(self.embed(x))
        n = self.norm(x)
        return self.head(x + torch.sigmoid(self.gate(n)) * self.attention(n))


class TimeEmbedding(nn.Module):
    """What a layer makes of the first row, such as a time, is added to every row, as in a diffusion transformer."""

    def __init__(self, inputs, width, heads, hidden):
        super().__init__()
        self.embed, self.time, self.more = nn.Linear(inputs, width), nn.Linear(inputs, width), nn.Linear(width, width)
        self.block, self.head = Block(width, heads, hidden), nn.Linear(width, 4)

    def forward(self, x):
        time = self.more(nn.functional.silu(self.time(x[:, :1])))
        return self.head(self.block(self.embed(x[:, 1:]) + time))


def save(name, model, inputs, opset=17, **more):
    torch.manual_seed(len(name))
    model = model.eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.9 / math.sqrt(parameter.shape[-1]))
        else:
            parameter.data += 0.1 * torch.randn_like(parameter)
    path = os.path.join(FOLDER, name + ".onnx")
    torch.onnx.export(model, inputs, path, opset_version=opset, **more)
    print(f"{os.path.getsize(path):7d} {path}")


def floats(*shape):
    return (torch.randn(*shape),)


def main():
    torch.manual_seed(1)
    below = torch.full((7, 7), float("-inf")).triu(1)
    offsets = torch.arange(7)[:, None] - torch.arange(7)[None, :]
    save("post_norm", Encoder(6, 16, 2, 32, layers=2, pre=False), floats(1, 7, 6))
    save("pre_norm", Encoder(6, 16, 2, 32), floats(1, 7, 6), opset=13)
    save("vit_class_token", Vit(6, 8, 16, 2, 32), floats(1, 8, 6), opset=14)
    save("causal", Encoder(6, 16, 2, 32, mask=below), floats(1, 7, 6))
    save("cross_attention", CrossAttention(16, 2, 12), (torch.randn(1, 7, 16), torch.randn(1, 5, 12)), input_names=["x", "memory"])
    save("relative_bias", Encoder(6, 16, 2, 32, bias=0.3 * torch.stack([-offsets.abs(), offsets]).float()), floats(1, 7, 6))
    save("rms_silu", Encoder(6, 16, 2, 32, norm=RmsNorm, activation=nn.SiLU), floats(1, 7, 6), opset=12)
    save("quick_gelu", Encoder(6, 16, 2, 32, activation=QuickGelu), floats(1, 7, 6), opset=11)
    save("one_head", Encoder(6, 16, 1, 32, activation=nn.ReLU), floats(1, 7, 6), opset=15)
    save("many_heads", Encoder(6, 16, 8, 32, value_size=3), floats(1, 7, 6), opset=16)
    save("odd_widths", Encoder(5, 15, 3, 27), floats(1, 9, 5))
    save("sequence_1", Encoder(6, 16, 2, 32), floats(1, 1, 6))
    save("sequence_128", Encoder(6, 8, 2, 16), floats(1, 128, 6))
    save("sequence_384", Encoder(6, 8, 1, 16), floats(1, 384, 6))
    save("norm_1024", nn.Sequential(nn.Linear(4, 1024), nn.LayerNorm(1024), nn.Linear(1024, 4)), floats(1, 3, 4))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {n: {0: "batch", 1: "seq"} for n in names}
    ids = (torch.randint(0, 20, (1, 10)), torch.ones(1, 10, dtype=torch.int64), torch.zeros(1, 10, dtype=torch.int64))
    for fill, name in ((-10000.0, "tokens_10000"), (torch.finfo(torch.float32).min, "tokens_lowest")):
        save(name, Tokens(20, 12, 16, 2, 32, fill), ids, input_names=names, dynamic_axes=axes, opset=13 if fill < -1e5 else 17)
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, activation="gelu", norm_first=True)
    save("torch_layer", nn.Sequential(nn.Linear(6, 16), layer), floats(1, 7, 6))
    save("windows_shifted", Swin(16, 2, 4), floats(1, 3, 8, 8))
    save("sequence_pool", Cct(16, 2, 16), floats(1, 3, 8, 8), opset=14)
    save("linear_attention", Encoder(6, 18, 3, 32, attention=LinearAttention), floats(1, 7, 6))
    save("bilinear", Bilinear(6, 7, 8, 5), floats(1, 7, 6), opset=13)
    save("swiglu", Gated(6, 16, 2, 24), floats(1, 7, 6))
    save("time_embedding", TimeEmbedding(6, 16, 2, 32), floats(1, 8, 6), opset=14)


if __name__ == "__main__":
    main()
