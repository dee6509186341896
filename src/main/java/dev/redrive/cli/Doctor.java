package dev.redrive.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description =
                "Look whether all is well, and say what to do where it is not. Ends with 4 where there is a problem.",
        footer = {"%nExamples:", "  redrive doctor", "  redrive doctor --json"})
final class Doctor extends Asking {

    private static final int MANAGEMENT_PORT = 8081;

    @Option(
            names = "--management-url",
            paramLabel = "<url>",
            description = "Where /readyz is; else REDRIVE_MANAGEMENT_URL, else port 8081 of the same host.")
    @Nullable
    String managementUrl;

    private final Shell shell;

    Doctor(Shell shell) {
        super(shell);
        this.shell = shell;
    }

    @Override
    Exit ask(Api api, Output output) {
        var findings = new ArrayList<Finding>();
        var arrival = new Reach(api, connection.url());
        findings.addAll(arrival.look());
        findings.add(arrival.ready(management()));
        if (arrival.isIn()) {
            findings.addAll(new State(api).look());
        }
        boolean ill = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.PROBLEM);
        tell(output, findings);
        if (!arrival.isIn()) {
            return Exit.UNEXPECTED;
        }
        return ill ? Exit.REFUSED : Exit.OK;
    }

    private URI management() {
        var given = managementUrl != null ? managementUrl : shell.environment().get("REDRIVE_MANAGEMENT_URL");
        try {
            return given == null
                    ? URI.create("http://" + URI.create(connection.url()).getHost() + ":" + MANAGEMENT_PORT + "/readyz")
                    : URI.create(given.strip().replaceAll("/+$", "") + "/readyz");
        } catch (IllegalArgumentException noUri) {
            throw Failure.usage("No address: " + given);
        }
    }

    private static void tell(Output output, List<Finding> findings) {
        if (output.isJson()) {
            var checks = new JsonArray();
            findings.forEach(finding -> checks.add(finding.toJson()));
            output.json(new JsonObject().put("checks", checks));
        } else {
            findings.forEach(finding -> output.text(finding.toText()));
        }
    }
}
