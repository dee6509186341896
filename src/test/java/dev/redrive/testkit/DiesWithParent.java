package dev.redrive.testkit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * First class of every child JVM: runs the main class named by the first argument and halts as soon as standard input
 * ends, which the kernel sees to when the parent dies, however it dies.
 */
public final class DiesWithParent {

    private DiesWithParent() {}

    public static void main(String[] arguments) throws Throwable {
        var watchdog = new Thread(DiesWithParent::haltAtEndOfInput, "dies-with-parent");
        watchdog.setDaemon(true);
        watchdog.start();
        var main = Class.forName(arguments[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes; only the end counts.
            }
        } catch (IOException e) {
            System.err.println("Lost the parent: " + e);
        }
        Runtime.getRuntime().halt(137);
    }
}
