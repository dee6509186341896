package dev.redrive.grouping;

import java.util.List;

/** How one language's runtime prints a stack trace. Linear in the length of the text, and total. */
sealed interface TraceDialect
        permits JavaTrace, PythonTrace, GoTrace, NodeTrace, RubyTrace, PhpTrace, DotnetTrace, RustTrace {

    /** More specific shapes first: a tie is decided for the earlier one. */
    List<TraceDialect> ALL = List.of(
            new PythonTrace(),
            new GoTrace(),
            new RubyTrace(),
            new PhpTrace(),
            new RustTrace(),
            new NodeTrace(),
            new DotnetTrace(),
            new JavaTrace());

    /** Lines that decide the language; a longer trace only repeats itself. */
    int LINES_ASKED = 40;

    /** Exceptions kept of one chain. */
    int CHAIN = 64;

    /** Whether only this language prints a line like that. */
    boolean recognises(String line);

    /** The exceptions of the trace, the outermost first, the root cause last. */
    List<Thrown> parse(List<String> lines);

    /** Empty where no language is recognised. */
    static List<Thrown> read(List<String> lines) {
        TraceDialect best = null;
        int most = 0;
        for (var dialect : ALL) {
            int votes = 0;
            for (int i = 0; i < Math.min(lines.size(), LINES_ASKED); i++) {
                votes += dialect.recognises(lines.get(i)) ? 1 : 0;
            }
            if (votes > most) {
                most = votes;
                best = dialect;
            }
        }
        return best == null ? List.of() : best.parse(lines);
    }

    /** Adds the next inner exception; of a chain without end the beginning and the end are kept. */
    static void add(List<Thrown> chain, Thrown inner) {
        if (chain.size() == CHAIN) {
            chain.remove(CHAIN / 2);
        }
        chain.add(inner);
    }
}
