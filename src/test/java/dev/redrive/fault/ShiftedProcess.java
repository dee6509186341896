package dev.redrive.fault;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Main class of a Redrive whose host clock is {@link ShiftedTime}: the product and its clients ask it instead of the
 * machine's, because they are loaded with those calls replaced. Needs no right to set a clock.
 */
public final class ShiftedProcess {

    private static final String TIME = ShiftedTime.class.getName().replace('.', '/');
    private static final Set<String> SHIFTED = Set.of("dev.redrive.", "io.vertx.", "org.apache.kafka.");

    /** Owner, name and descriptor of what is replaced, and the name of what it is replaced by. */
    private static final Map<String, String> CALLS = Map.of(
            "java/lang/System.currentTimeMillis()J", "millis",
            "java/time/Instant.now()Ljava/time/Instant;", "instant",
            "java/time/OffsetDateTime.now()Ljava/time/OffsetDateTime;", "offset",
            "java/time/Clock.systemUTC()Ljava/time/Clock;", "clock");

    private ShiftedProcess() {}

    public static void main(String[] arguments) throws ReflectiveOperationException, MalformedURLException {
        var urls = new ArrayList<URL>();
        for (var entry : List.of(System.getProperty("java.class.path").split(File.pathSeparator))) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        var loader = new Shifting(urls.toArray(URL[]::new));
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass("dev.redrive.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
    }

    private static final class Shifting extends URLClassLoader {

        Shifting(URL[] urls) {
            super(urls, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHIFTED.stream().noneMatch(name::startsWith) || name.equals(ShiftedTime.class.getName())) {
                return super.findClass(name);
            }
            var resource = findResource(name.replace('.', '/') + ".class");
            if (resource == null) {
                throw new ClassNotFoundException(name);
            }
            try (var bytes = resource.openStream()) {
                var shifted = shift(bytes.readAllBytes());
                return defineClass(name, shifted, 0, shifted.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] shift(byte[] original) {
        var reader = new ClassReader(original);
        var writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return shift(super.visitMethod(access, name, descriptor, signature, exceptions));
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static MethodVisitor shift(MethodVisitor method) {
        return new MethodVisitor(Opcodes.ASM9, method) {
            @Override
            public void visitMethodInsn(int code, String owner, String name, String descriptor, boolean isInterface) {
                var instead = CALLS.get(owner + "." + name + descriptor);
                if (instead == null || code != Opcodes.INVOKESTATIC) {
                    super.visitMethodInsn(code, owner, name, descriptor, isInterface);
                } else {
                    super.visitMethodInsn(code, TIME, instead, descriptor, false);
                }
            }
        };
    }
}
