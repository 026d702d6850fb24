"""Expected values of FewShotSamplerTests.Draw_KnownSeed_TakesTheSameOnEveryPlatform, computed apart from the C# code.

Python 3, standard library only: python3 splitmix.py
"""
M = 2**64 - 1


def stream(seed):
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & M
        z = seed
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & M
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & M
        yield z ^ z >> 31


def shuffle(items, draws):
    for i in range(len(items) - 1, 0, -1):
        n = i + 1
        z = next(draws)
        while z >= 2**64 - 2**64 % n:
            z = next(draws)
        j = z % n
        items[i], items[j] = items[j], items[i]


def generator(seed, number):
    return stream(next(stream(seed % 2**32 << 32 | number)))


def draw(sizes, shots, dev_shots, seed):
    train, dev = [], []
    for label, size in enumerate(sizes):
        group = [f"{label}-{i}" for i in range(size)]
        shuffle(group, generator(seed, label + 1))
        train += group[:shots]
        dev += group[size - dev_shots:]
    order = generator(seed, 0)
    shuffle(dev, order)
    shuffle(train, order)
    return train, dev


if __name__ == "__main__":
    for part in draw([5, 6, 7], 2, 1, 42):
        print(", ".join(f'"{i}"' for i in part))
