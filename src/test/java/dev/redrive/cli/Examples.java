package dev.redrive.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Every command line that a {@code --help} shows as an example. */
public final class Examples {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private Examples() {}

    /** @return arguments of {@code redrive}; what a shell would do behind {@code >} is left out */
    public static List<List<String>> all() {
        var found = new ArrayList<List<String>>();
        collect(commands(), found);
        return found;
    }

    static CommandLine commands() {
        var nowhere = new PrintStream(PrintStream.nullOutputStream());
        return new Cli(new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false), Map.of()).commands();
    }

    private static void collect(CommandLine command, List<List<String>> found) {
        Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .filter(line -> line.startsWith("  redrive "))
                .map(line -> words(line.strip().split(" > ", 2)[0]))
                .forEach(found::add);
        command.getSubcommands().values().forEach(sub -> collect(sub, found));
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .skip(1)
                .toList();
    }
}
