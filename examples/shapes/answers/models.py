"""A network whose training is written out in PyTorch, and a logistic regression."""

import torch
from sklearn.linear_model import LogisticRegression
from torch import nn


def as_images(values):
    """Return images as PyTorch takes them, channels first, around zero."""
    return torch.from_numpy(values).permute(0, 3, 1, 2) * 2 - 1


def train_network(data, seed, epoch, epochs, rate):
    """Train a small convolutional network by AdamW, on images turned by quarters."""
    torch.set_num_threads(1)  # images are so small that further threads only wait for each other
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    net = nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten()),
        nn.Linear(32, len(data.classes)),
    )
    optimizer = torch.optim.AdamW(net.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    x, y = as_images(data.x_train), torch.from_numpy(data.y_train)
    held_out = as_images(data.x_validation), torch.from_numpy(data.y_validation)

    def measured(images, labels):
        net.eval()
        with torch.no_grad():
            outputs = net(images)
        right = (outputs.argmax(1) == labels).float().mean()
        return nn.functional.cross_entropy(outputs, labels).item(), right.item()

    def predicted(values):
        with torch.no_grad():
            return net(as_images(values)).softmax(1).numpy()

    for _ in range(epochs):
        net.train()
        for chosen in torch.randperm(len(x)).split(32):
            turned = torch.rot90(x[chosen], int(torch.randint(4, ())), (2, 3))
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(turned), y[chosen]).backward()
            optimizer.step()
        speed = schedule.get_last_lr()[0]
        schedule.step()
        loss, accuracy = measured(x, y)
        val_loss, val_accuracy = measured(*held_out)
        epoch(loss=loss, accuracy=accuracy, val_loss=val_loss, val_accuracy=val_accuracy, learning_rate=speed)
    net.eval()
    inputs = {"train": data.x_train, "validation": data.x_validation, "test": data.x_test}
    return {name: predicted(values) for name, values in inputs.items()}


def logistic(input_shape, classes):
    """Build a logistic regression on pixels."""
    return LogisticRegression(max_iter=1000)
