package dev.redrive.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Write letters into a file or a pipe, oldest first, as they come.",
        footer = {
            "%nExamples:",
            "  redrive export is:open --output letters.ndjson",
            "  redrive export 'topic:orders-dlt is:open' --format csv --columns id,status,key,message > letters.csv",
            "%nThe last line of the file says how many letters it holds and the SHA-256 of what is before it; both are",
            "checked. docs/retention.md describes the formats."
        })
final class Export extends Asking {

    @Mixin
    private final FilterWords filter = new FilterWords();

    @Option(
            names = "--format",
            defaultValue = "ndjson",
            paramLabel = "ndjson|csv|kcat",
            description = "Default: ${DEFAULT-VALUE}.")
    String format = "ndjson";

    @Option(names = "--columns", paramLabel = "<names>", description = "Of the CSV, with commas.")
    @Nullable
    String columns;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "<file>",
            description = "Instead of standard output; replaces the file.")
    @Nullable
    Path file;

    private final Terminal terminal;

    Export(Shell shell) {
        super(shell);
        this.terminal = shell.terminal();
    }

    @Override
    Exit ask(Api api, Output output) {
        if (file == null && terminal.interactive()) {
            throw Failure.usage("An export is raw bytes: name a file with --output, or send it into a pipe");
        }
        var q = filter.text();
        var path = "/dead-letters/export" + Pages.query("q", q, "format", format, "columns", columns);
        try (var sink = new ExportSink(file == null ? unclosed(terminal.out()) : to(file))) {
            api.stream(path, sink);
            long letters = sink.finish();
            output.note(letters + (letters == 1 ? " letter" : " letters"));
            return letters == 0 ? Exit.NOTHING : Exit.OK;
        } catch (IOException unwritable) {
            throw new Failure(Exit.UNEXPECTED, "Cannot write the export: " + unwritable.getMessage(), null);
        }
    }

    private static OutputStream to(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file));
    }

    /** Standard output is not ours to close, and keeps to itself that nobody reads any more. */
    private static OutputStream unclosed(PrintStream out) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                if (out.checkError()) {
                    throw new IOException("nobody reads standard output");
                }
            }
        };
    }
}
