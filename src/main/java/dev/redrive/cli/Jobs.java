package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands below {@code redrive job}. */
final class Jobs {

    private Jobs() {}

    static List<Asking> all(Shell shell) {
        return List.of(
                new Listing(shell),
                new Look(shell),
                new Pause(shell),
                new Resume(shell),
                new Groups(shell),
                new Exclude(shell),
                new Cancel(shell),
                new Wait(shell),
                new Items(shell));
    }

    @Command(
            name = "list",
            description = "List jobs, newest first.",
            footer = {
                "%nExamples:",
                "  redrive job list --state running,paused",
                "  redrive job list --type replay --json"
            })
    static final class Listing extends Asking {

        @Option(
                names = "--state",
                paramLabel = "<states>",
                description = "scheduled, running, paused, succeeded, …; several with commas.")
        @Nullable
        String state;

        @Option(names = "--type", paramLabel = "<type>", description = "replay, discard, purge, …")
        @Nullable
        String type;

        @Option(
                names = "--limit",
                defaultValue = "20",
                paramLabel = "<n>",
                description = "Jobs at most (default: ${DEFAULT-VALUE}).")
        int limit;

        Listing(Shell shell) {
            super(shell);
        }

        @Override
        Exit ask(Api api, Output output) {
            var jobs = Pages.read(
                    limit,
                    output,
                    page -> api.get("/jobs"
                            + Pages.query(
                                    "state", state, "type", type, "limit", page.limit(), "cursor", page.cursor())));
            if (output.isJson()) {
                output.json(jobs);
            } else if (!jobs.isEmpty()) {
                output.text(JobReport.list(jobs));
            }
            return jobs.isEmpty() ? Exit.NOTHING : Exit.OK;
        }
    }

    /** A command about one job. */
    abstract static class OfOne extends Asking {

        @Parameters(paramLabel = "<job>", description = "The id of the job.")
        UUID id = new UUID(0, 0);

        OfOne(Shell shell) {
            super(shell);
        }

        String path() {
            return "/jobs/" + id;
        }
    }

    @Command(
            name = "show",
            description = "Show one job with its counters.",
            footer = {"%nExamples:", "  redrive job show 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10"})
    static final class Look extends OfOne {

        Look(Shell shell) {
            super(shell);
        }

        @Override
        Exit ask(Api api, Output output) {
            JobReport.show(output, api.get(path()).orFail().body());
            return Exit.OK;
        }
    }

    /** The same wish twice has the same answer, so an answer that was lost is asked for again without a key. */
    abstract static class Move extends OfOne {

        private final String resource;

        @Option(names = "--reason", paramLabel = "<text>", description = "Why; stands in the audit.")
        @Nullable
        String reason;

        Move(Shell shell, String resource) {
            super(shell);
            this.resource = resource;
        }

        @Override
        Exit ask(Api api, Output output) {
            var body = new JsonObject().put("reason", reason);
            JobReport.show(output, api.post(path() + resource, body).orFail().body());
            return Exit.OK;
        }
    }

    @Command(
            name = "pause",
            description = "Hold a job behind its present batch.",
            footer = {
                "%nExamples:",
                "  redrive job pause 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10 --reason 'the bank is down'"
            })
    static final class Pause extends Move {
        Pause(Shell shell) {
            super(shell, "/pauses");
        }
    }

    @Command(
            name = "resume",
            description = "Let a held job go on.",
            footer = {"%nExamples:", "  redrive job resume 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10"})
    static final class Resume extends Move {
        Resume(Shell shell) {
            super(shell, "/resumes");
        }
    }

    @Command(
            name = "groups",
            description = "List the failure groups that a replay has trouble with.",
            footer = {"%nExamples:", "  redrive job groups 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10"})
    static final class Groups extends OfOne {

        Groups(Shell shell) {
            super(shell);
        }

        @Override
        Exit ask(Api api, Output output) {
            var groups =
                    Answer.objects(api.get(path() + "/groups").orFail().body().getJsonArray("items"));
            if (output.isJson()) {
                output.json(groups);
            } else if (!groups.isEmpty()) {
                output.text(JobReport.groups(groups));
            }
            return groups.isEmpty() ? Exit.NOTHING : Exit.OK;
        }
    }

    @Command(
            name = "exclude",
            description = "Leave the rest of a failure group out of a replay that is held, and let it go on.",
            footer = {
                "%nExamples:",
                "  redrive job groups 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10",
                "  redrive job exclude 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10 --group 12 --reason 'not healed yet'"
            })
    static final class Exclude extends OfOne {

        @Option(names = "--group", required = true, paramLabel = "<id>", description = "The failure group.")
        long group;

        @Option(names = "--reason", paramLabel = "<text>", description = "Why; stands in the audit.")
        @Nullable
        String reason;

        Exclude(Shell shell) {
            super(shell);
        }

        @Override
        Exit ask(Api api, Output output) {
            var body =
                    new JsonObject().put("failureGroupId", Long.toString(group)).put("reason", reason);
            var key = '"' + UUID.randomUUID().toString() + '"';
            JobReport.show(
                    output,
                    api.post(path() + "/exclusions", body, Api.KEY, key)
                            .orFail()
                            .body());
            return Exit.OK;
        }
    }

    @Command(
            name = "cancel",
            description = "End a job; what was done stays done.",
            footer = {"%nExamples:", "  redrive job cancel 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10"})
    static final class Cancel extends Move {
        Cancel(Shell shell) {
            super(shell, "/cancellations");
        }
    }

    @Command(
            name = "wait",
            description = "Wait for the end of a job; the exit code tells how it ended.",
            footer = {"%nExamples:", "  redrive job wait 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10 --for 60"})
    static final class Wait extends OfOne {

        @Option(
                names = "--for",
                defaultValue = "600",
                paramLabel = "<seconds>",
                description = "So long at most (default: ${DEFAULT-VALUE}).")
        int seconds;

        Wait(Shell shell) {
            super(shell);
        }

        @Override
        Exit ask(Api api, Output output) {
            var job = new Waiting(api, output, seconds)
                    .forJob(api.get(path()).orFail().body());
            JobReport.show(output, job);
            return JobReport.end(output, job);
        }
    }

    @Command(
            name = "items",
            description = "List what became of each letter of a job.",
            footer = {"%nExamples:", "  redrive job items 5f0c7f0e-2a35-4f52-9f07-5f2b8f3c9a10 --result failed"})
    static final class Items extends OfOne {

        @Option(
                names = "--result",
                paramLabel = "<result>",
                description = "done, skipped, failed; of a replay sent, recovered, returned, uncertain, …")
        @Nullable
        String result;

        @Option(
                names = "--limit",
                defaultValue = "50",
                paramLabel = "<n>",
                description = "Letters at most (default: ${DEFAULT-VALUE}).")
        int limit;

        Items(Shell shell) {
            super(shell);
        }

        @Override
        Exit ask(Api api, Output output) {
            var items = Pages.read(
                    limit,
                    output,
                    page -> api.get(path()
                            + "/items"
                            + Pages.query("result", result, "limit", page.limit(), "cursor", page.cursor())));
            if (output.isJson()) {
                output.json(items);
            } else if (!items.isEmpty()) {
                var table = new Table("LETTER", "RESULT", "AT", "DETAIL");
                items.forEach(item -> table.row(
                        item.getString("letterId"),
                        item.getString("result"),
                        item.getString("at"),
                        item.getString("detail")));
                output.text(table);
            }
            return items.isEmpty() ? Exit.NOTHING : Exit.OK;
        }
    }
}
