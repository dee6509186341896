package dev.redrive.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a build makes once before its tests, so that its tests and the hundred processes that they start need not: an
 * archive of classes, and the data of a Postgres with our schema. It lies beside the packed class path that it was made
 * from; tests that find none do without, and take longer.
 */
public final class Preparation {

    /** A system property: true in the JVM that prepares, whose children write down which classes they load. */
    public static final String IN_THIS_JVM = "testkit.prepares";

    private Preparation() {}

    public static boolean isMade() {
        return hasPostgres() && ChildJvm.archive().isThere();
    }

    /** The data of a Postgres that was stopped cleanly, to be copied. */
    static Path postgres() {
        return ChildJvm.packedClassPath().directory().resolve("postgres");
    }

    /** Where children do not share classes nothing is prepared either. */
    static boolean hasPostgres() {
        return ChildJvm.sharesClasses() && Files.exists(postgres());
    }

    /** Blocks for some seconds. */
    public static void makePostgres() {
        if (!hasPostgres()) {
            Postgres.prepare(postgres());
        }
    }

    /** Of what the children of this JVM loaded until now; blocks for some ten seconds. */
    public static void makeArchive() throws IOException, InterruptedException {
        ChildJvm.archive().make(ChildJvm.INHERITED);
    }
}
