"""What the emulator's tests share: a PC to talk to, requests as literal XML, answers as plain values."""
