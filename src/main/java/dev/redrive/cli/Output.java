package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command says: results on standard output, everything else on standard error. */
final class Output {

    private final Terminal terminal;
    private final boolean json;

    Output(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    boolean isJson() {
        return json;
    }

    /** The result for programs. */
    void json(JsonObject object) {
        terminal.out().println(Plain.json(object.encode()));
    }

    void json(List<JsonObject> objects) {
        objects.forEach(this::json);
    }

    /** The result for people; escaped already. */
    void text(Object text) {
        terminal.out().print(text);
    }

    /** @param text may be foreign */
    void note(String text) {
        terminal.err().println(Plain.line(text));
    }

    /** To where {@code --json} leaves standard output alone. @param text escaped already */
    void aside(Object text) {
        (json ? terminal.err() : terminal.out()).print(text);
    }

    /** @return whether somebody who could be asked said yes */
    boolean confirms(String question) {
        if (!terminal.interactive()) {
            throw Failure.usage("Nobody to ask here: say --yes, or --dry-run to only look");
        }
        terminal.err().print(question + " [y/N] ");
        terminal.err().flush();
        var said = firstLine();
        return said != null && (said.equalsIgnoreCase("y") || said.equalsIgnoreCase("yes"));
    }

    private @Nullable String firstLine() {
        var line = new StringBuilder();
        try {
            for (int read = terminal.in().read();
                    read >= 0 && read != '\n';
                    read = terminal.in().read()) {
                line.append((char) read);
            }
        } catch (IOException gone) {
            return null;
        }
        return line.toString().strip();
    }
}
