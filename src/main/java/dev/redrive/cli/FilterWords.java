package dev.redrive.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A filter, as arguments that need no quotes where the shell lets them through, or behind an option. */
final class FilterWords {

    @Parameters(arity = "0..*", paramLabel = "<filter>", description = "The filter language of docs/filter.md.")
    List<String> words = List.of();

    @Option(
            names = {"-q", "--query"},
            paramLabel = "<filter>",
            description = "The same, for a filter that begins with a dash.")
    @Nullable
    String query;

    /** @return empty for every letter */
    String text() {
        return (query == null ? "" : query + " ") + String.join(" ", words);
    }
}
