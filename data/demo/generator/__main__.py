"""Writes the demo company's files anew: `python -m data.demo.generator`."""

from data.demo.generator.written import write_files

if __name__ == "__main__":
    print(f"{write_files()} files are written.")
