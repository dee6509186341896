package dev.redrive.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes.
 *
 * @param out for results alone, text as UTF-8
 * @param err for everything that is said besides
 * @param interactive whether a person looks at {@code out} and can answer on {@code in}
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {}
