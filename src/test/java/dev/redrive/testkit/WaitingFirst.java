package dev.redrive.testkit;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Classes that let processes die and servers fail, watch a cluster or look through a browser take long and mostly wait.
 * They begin first, so that the others compute meanwhile and nothing is left to wait for at the end.
 */
public final class WaitingFirst implements ClassOrderer {

    private static final Pattern WAITING =
            Pattern.compile(".*(IT|CrashTest|FaultTest|WatchTest|VerticleTest|RewindTest|ImportTest)|When.*");

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparing(WaitingFirst::computes));
    }

    private static boolean computes(ClassDescriptor test) {
        return !WAITING.matcher(test.getTestClass().getSimpleName()).matches();
    }
}
