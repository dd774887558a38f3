package dev.nightshift.scenarios;

import dev.nightshift.local.LocalKafka;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

/// Takes one topic away from one client, at once and for as long as a scenario wants, while all
/// else goes on: the broker runs in the scenario's own process and asks this class. A process's
/// clients are told apart by their `client.id`. Safe for use by many threads.
public final class ReadGate implements Authorizer {
  private static final Set<Shut> SHUT = ConcurrentHashMap.newKeySet();

  private record Shut(String clientId, String topic) {}

  /// A broker that asks this class.
  static LocalKafka.Settings settings() {
    SHUT.clear();
    return LocalKafka.Settings.defaults().with("authorizer.class.name", ReadGate.class.getName());
  }

  /// From now on this client may not read this topic.
  static void shut(String clientId, String topic) {
    SHUT.add(new Shut(clientId, topic));
  }

  /// All clients may read everything again.
  static void open() {
    SHUT.clear();
  }

  @Override
  public List<AuthorizationResult> authorize(
      AuthorizableRequestContext context, List<Action> actions) {
    return actions.stream().map(action -> authorize(context.clientId(), action)).toList();
  }

  private static AuthorizationResult authorize(String clientId, Action action) {
    return action.operation() == AclOperation.READ
            && SHUT.contains(new Shut(clientId, action.resourcePattern().name()))
        ? AuthorizationResult.DENIED
        : AuthorizationResult.ALLOWED;
  }

  @Override
  public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
    Map<Endpoint, CompletionStage<Void>> ready = new HashMap<>();
    server.endpoints().forEach(each -> ready.put(each, CompletableFuture.completedFuture(null)));
    return ready;
  }

  @Override
  public List<? extends CompletionStage<AclCreateResult>> createAcls(
      AuthorizableRequestContext context, List<AclBinding> bindings) {
    throw new UnsupportedOperationException("it has no rules");
  }

  @Override
  public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
      AuthorizableRequestContext context, List<AclBindingFilter> filters) {
    throw new UnsupportedOperationException("it has no rules");
  }

  @Override
  public Iterable<AclBinding> acls(AclBindingFilter filter) {
    return Collections.emptyList();
  }

  @Override
  public void configure(Map<String, ?> settings) {
    // There are none.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
