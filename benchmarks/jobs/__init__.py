"""What the contenders do; each module is a process of its own that is given a job file."""
