package dev.tollgate.testing;

import dev.tollgate.dialect.Dialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A dialect under another name, so that a translation between it and itself goes through the neutral records. */
public final class RenamedDialect {
    private RenamedDialect() {}

    public static Dialect of(Dialect dialect, String id) {
        return (Dialect) Proxy.newProxyInstance(
                Dialect.class.getClassLoader(), new Class<?>[] {Dialect.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("id")) {
                        return id;
                    }
                    try {
                        return method.invoke(dialect, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
