import numpy
import torch


class Sessions(torch.utils.data.Dataset):
    def __init__(self, path):
        self.data = {name: torch.from_numpy(values) for name, values in numpy.load(path).items()}

    def __len__(self):
        return len(self.data["treatment"])

    def __getitem__(self, i):
        tokens = slice(self.data["offsets"][i], self.data["offsets"][i + 1])
        x = {name: self.data[name][tokens] for name in ("event_ids", "item_ids", "minutes")}
        return x, self.data["treatment"][i], self.data["outcome"][i]
