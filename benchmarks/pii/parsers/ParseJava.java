// Parses Java files; see the package's docstring.

import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

public class ParseJava {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    public static void main(String[] arguments) throws Exception {
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                BufferedReader paths = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String path = paths.readLine(); path != null; path = paths.readLine()) {
                System.out.println(parse(files, Path.of(path)));
            }
        }
    }

    private static String parse(StandardJavaFileManager files, Path path) throws Exception {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavacTask task =
                (JavacTask) COMPILER.getTask(null, files, found, List.of("-proc:none"), null, files.getJavaFileObjects(path));
        long[] shape = {0};
        for (Tree tree : task.parse()) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void scan(Tree node, Void nothing) {
                    shape[0] = shape[0] * 31 + (node == null ? 7 : node.getKind().ordinal() + 11);
                    return super.scan(node, nothing);
                }
            }.scan(tree, null);
        }
        for (Diagnostic<? extends JavaFileObject> diagnostic : found.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                return Math.max(1, diagnostic.getLineNumber()) + " -";
            }
        }
        return "0 " + Long.toHexString(shape[0]);
    }
}
