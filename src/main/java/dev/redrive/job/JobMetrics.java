package dev.redrive.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What jobs of this process did with their letters, for whoever scrapes it. */
final class JobMetrics {

    private final MeterRegistry registry;

    JobMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param type of the job, of which there are as many as kinds of work */
    void worked(String type, Work.Outcome outcome) {
        long failed = outcome.left().stream().filter(Work.Left::failed).count();
        count(type, "done", outcome.done().size());
        count(type, "failed", failed);
        count(type, "skipped", outcome.left().size() - failed);
    }

    private void count(String type, String result, long letters) {
        if (letters > 0) {
            Counter.builder("redrive.job.dead.letters")
                    .description("Letters that jobs came to, by what became of them")
                    .tags("type", type, "result", result)
                    .register(registry)
                    .increment(letters);
        }
    }
}
