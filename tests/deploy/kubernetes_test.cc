// deploy/kubernetes: manifests whose parts fit each other, the image, the binary and the example
// configuration, and that a namespace with the restricted standard takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/config/spans.h"
#include "tests/deploy/deploy_file.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSubsetOf;

std::vector<YAML::Node> Manifests(const std::string& name) {
  return YAML::LoadAll(ReadSource("deploy/kubernetes/" + name));
}

std::vector<YAML::Node> AllManifests() {
  std::vector<YAML::Node> all = Manifests("rollcall.yaml");
  const std::vector<YAML::Node> job = Manifests("cronjob.yaml");
  all.insert(all.end(), job.begin(), job.end());
  return all;
}

YAML::Node Of(const std::string& kind) {
  for (const YAML::Node& manifest : AllManifests()) {
    if (manifest["kind"].as<std::string>() == kind) return manifest;
  }
  ADD_FAILURE() << "there is no " << kind;
  return YAML::Node();
}

YAML::Node DaemonPod() { return Of("Deployment")["spec"]["template"]; }
YAML::Node JobPod() { return Of("CronJob")["spec"]["jobTemplate"]["spec"]["template"]; }

LoadedConfig MappedConfig() {
  absl::StatusOr<LoadedConfig> loaded =
      ParseConfig(Of("ConfigMap")["data"]["rollcall.yaml"].as<std::string>(), "rollcall.yaml");
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *std::move(loaded) : LoadedConfig();
}

std::vector<std::string> TextsOf(const YAML::Node& list) {
  return list.as<std::vector<std::string>>();
}

// The names that a list of mappings gives under a key.
std::set<std::string> NamesIn(const YAML::Node& list, const std::string& key) {
  std::set<std::string> names;
  for (const YAML::Node& item : list) names.insert(item[key].as<std::string>());
  return names;
}

// Every key of a tree, but those below what anybody may name.
void AddKeys(const YAML::Node& node, std::set<std::string>* keys) {
  const std::set<std::string> free = {"labels", "matchLabels", "annotations", "data", "selector"};
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) AddKeys(item, keys);
  }
  if (!node.IsMap()) return;
  for (const auto& entry : node) {
    const std::string key = entry.first.as<std::string>();
    keys->insert(key);
    if (!free.contains(key)) AddKeys(entry.second, keys);
    if (key == "selector" && entry.second["matchLabels"]) keys->insert("matchLabels");
  }
}

TEST(KubernetesTest, EachKindHasItsVersionAndName) {
  const std::map<std::string, std::string> versions = {
      {"ServiceAccount", "v1"},  {"ConfigMap", "v1"},
      {"Service", "v1"},         {"PersistentVolumeClaim", "v1"},
      {"Deployment", "apps/v1"}, {"NetworkPolicy", "networking.k8s.io/v1"},
      {"CronJob", "batch/v1"},
  };
  std::set<std::string> kinds;
  for (const YAML::Node& manifest : AllManifests()) {
    const std::string kind = manifest["kind"].as<std::string>();
    kinds.insert(kind);
    ASSERT_TRUE(versions.contains(kind)) << kind;
    EXPECT_EQ(manifest["apiVersion"].as<std::string>(), versions.at(kind));
    EXPECT_THAT(manifest["metadata"]["name"].as<std::string>(), HasSubstr("rollcall"));
  }
  EXPECT_EQ(kinds.size(), versions.size());
}

// A mistyped key would be dropped in silence by a server that is not strict.
TEST(KubernetesTest, EveryKeyIsOneOfKubernetes) {
  const std::set<std::string> known = {"accessModes",
                                       "activeDeadlineSeconds",
                                       "allowPrivilegeEscalation",
                                       "annotations",
                                       "apiVersion",
                                       "appProtocol",
                                       "args",
                                       "automountServiceAccountToken",
                                       "backoffLimit",
                                       "capabilities",
                                       "claimName",
                                       "concurrencyPolicy",
                                       "configMap",
                                       "containerPort",
                                       "containers",
                                       "cpu",
                                       "data",
                                       "defaultMode",
                                       "drop",
                                       "egress",
                                       "emptyDir",
                                       "enableServiceLinks",
                                       "failedJobsHistoryLimit",
                                       "failureThreshold",
                                       "from",
                                       "fsGroup",
                                       "fsGroupChangePolicy",
                                       "httpGet",
                                       "image",
                                       "ingress",
                                       "jobTemplate",
                                       "kind",
                                       "labels",
                                       "limits",
                                       "livenessProbe",
                                       "matchLabels",
                                       "medium",
                                       "memory",
                                       "metadata",
                                       "mountPath",
                                       "name",
                                       "namespaceSelector",
                                       "path",
                                       "periodSeconds",
                                       "persistentVolumeClaim",
                                       "podSelector",
                                       "policyTypes",
                                       "port",
                                       "ports",
                                       "protocol",
                                       "readOnly",
                                       "readOnlyRootFilesystem",
                                       "readinessProbe",
                                       "replicas",
                                       "requests",
                                       "resources",
                                       "restartPolicy",
                                       "runAsGroup",
                                       "runAsNonRoot",
                                       "runAsUser",
                                       "schedule",
                                       "seccompProfile",
                                       "secret",
                                       "secretName",
                                       "securityContext",
                                       "selector",
                                       "serviceAccountName",
                                       "sizeLimit",
                                       "spec",
                                       "startingDeadlineSeconds",
                                       "startupProbe",
                                       "storage",
                                       "strategy",
                                       "successfulJobsHistoryLimit",
                                       "targetPort",
                                       "tcpSocket",
                                       "template",
                                       "terminationGracePeriodSeconds",
                                       "timeZone",
                                       "timeoutSeconds",
                                       "to",
                                       "type",
                                       "volumeMounts",
                                       "volumes"};
  std::set<std::string> keys;
  for (const YAML::Node& manifest : AllManifests()) AddKeys(manifest, &keys);
  EXPECT_THAT(keys, IsSubsetOf(known));
}

TEST(KubernetesTest, OneReplicaIsReplacedNeverJoined) {
  const YAML::Node spec = Of("Deployment")["spec"];
  EXPECT_EQ(spec["replicas"].as<int>(), 1);
  EXPECT_EQ(spec["strategy"]["type"].as<std::string>(), "Recreate");
  EXPECT_EQ(Of("CronJob")["spec"]["concurrencyPolicy"].as<std::string>(), "Forbid");
}

TEST(KubernetesTest, PodsAreRestricted) {
  for (const YAML::Node& pod : {DaemonPod(), JobPod()}) {
    const YAML::Node whole = pod["spec"]["securityContext"];
    EXPECT_TRUE(whole["runAsNonRoot"].as<bool>());
    EXPECT_EQ(whole["runAsUser"].as<int>(), 65532) << "that of the image";
    EXPECT_EQ(whole["fsGroup"].as<int>(), 65532);
    EXPECT_EQ(whole["seccompProfile"]["type"].as<std::string>(), "RuntimeDefault");
    EXPECT_FALSE(pod["spec"]["automountServiceAccountToken"].as<bool>());
    for (const YAML::Node& container : pod["spec"]["containers"]) {
      const YAML::Node context = container["securityContext"];
      EXPECT_FALSE(context["allowPrivilegeEscalation"].as<bool>());
      EXPECT_TRUE(context["readOnlyRootFilesystem"].as<bool>());
      EXPECT_EQ(TextsOf(context["capabilities"]["drop"]), std::vector<std::string>{"ALL"});
      EXPECT_FALSE(container["env"] || container["envFrom"]) << "secrets come as files";
    }
  }
}

TEST(KubernetesTest, WhatIsMountedIsThere) {
  const std::set<std::string> claims = {
      Of("PersistentVolumeClaim")["metadata"]["name"].as<std::string>()};
  const std::set<std::string> maps = {Of("ConfigMap")["metadata"]["name"].as<std::string>()};
  const std::string told = ReadSource("deploy/kubernetes/rollcall.yaml");
  for (const YAML::Node& pod : {DaemonPod(), JobPod()}) {
    const YAML::Node spec = pod["spec"];
    EXPECT_EQ(NamesIn(spec["containers"][0]["volumeMounts"], "name"),
              NamesIn(spec["volumes"], "name"));
    for (const YAML::Node& volume : spec["volumes"]) {
      if (volume["persistentVolumeClaim"]) {
        EXPECT_TRUE(
            claims.contains(volume["persistentVolumeClaim"]["claimName"].as<std::string>()));
      }
      if (volume["configMap"]) {
        EXPECT_TRUE(maps.contains(volume["configMap"]["name"].as<std::string>()));
      }
      if (volume["secret"]) {
        EXPECT_EQ(volume["secret"]["defaultMode"].as<std::string>(), "0440");
        EXPECT_TRUE(absl::StrContains(
            told, absl::StrCat(" ", volume["secret"]["secretName"].as<std::string>(), " ")))
            << "the file says how to make it";
      }
    }
    EXPECT_EQ(spec["serviceAccountName"].as<std::string>(),
              Of("ServiceAccount")["metadata"]["name"].as<std::string>());
  }
}

TEST(KubernetesTest, ConfigurationIsGoodAndItsFilesAreInWhatIsMounted) {
  const LoadedConfig config = MappedConfig();
  std::set<std::string> mounts;
  for (const YAML::Node& mount : DaemonPod()["spec"]["containers"][0]["volumeMounts"]) {
    mounts.insert(mount["mountPath"].as<std::string>());
  }
  const config::v1::Config& proto = config.proto;
  ASSERT_EQ(proto.directories_size(), 2);
  for (const std::string& file :
       {proto.state(), proto.export_().people().path(), proto.export_().groups().path(),
        proto.directories(0).scim().token().file(),
        proto.directories(1).atlassian_admin().api_key().file(), proto.serve().tls().cert(),
        proto.serve().tls().key()}) {
    bool within = false;
    for (const std::string& mount : mounts) within |= absl::StartsWith(file, mount + "/");
    EXPECT_TRUE(within) << "\"" << file << "\"";
  }
}

TEST(KubernetesTest, PortsAreThoseOfTheExampleEverywhere) {
  const config::v1::Serve& serve = ExampleConfig().proto.serve();
  const std::map<std::string, std::string> ports = {{"grpc", PortOf(serve.listen())},
                                                    {"metrics", PortOf(serve.metrics())}};
  const LoadedConfig config = MappedConfig();
  EXPECT_EQ(PortOf(config.proto.serve().listen()), ports.at("grpc"));
  EXPECT_EQ(PortOf(config.proto.serve().metrics()), ports.at("metrics"));
  const YAML::Node container = DaemonPod()["spec"]["containers"][0];
  EXPECT_EQ(NamesIn(container["ports"], "name"), (std::set<std::string>{"grpc", "metrics"}));
  for (const YAML::Node& port : container["ports"]) {
    EXPECT_EQ(port["containerPort"].as<std::string>(), ports.at(port["name"].as<std::string>()));
  }
  for (const YAML::Node& port : Of("Service")["spec"]["ports"]) {
    EXPECT_EQ(port["port"].as<std::string>(), ports.at(port["name"].as<std::string>()));
    EXPECT_EQ(port["targetPort"].as<std::string>(), port["name"].as<std::string>());
  }
  std::set<std::string> open;
  for (const YAML::Node& rule : Of("NetworkPolicy")["spec"]["ingress"]) {
    EXPECT_TRUE(rule["from"]) << "nobody is let in without a name";
    for (const YAML::Node& port : rule["ports"]) open.insert(port["port"].as<std::string>());
  }
  EXPECT_EQ(open, (std::set<std::string>{ports.at("grpc"), ports.at("metrics")}));
  EXPECT_EQ(DaemonPod()["metadata"]["annotations"]["prometheus.io/port"].as<std::string>(),
            ports.at("metrics"));
}

TEST(KubernetesTest, ProbesAskWhatTheDaemonAnswers) {
  const YAML::Node container = DaemonPod()["spec"]["containers"][0];
  EXPECT_EQ(container["startupProbe"]["tcpSocket"]["port"].as<std::string>(), "grpc");
  const YAML::Node alive = container["livenessProbe"]["httpGet"];
  EXPECT_EQ(alive["path"].as<std::string>(), "/healthz");
  EXPECT_EQ(alive["port"].as<std::string>(), "metrics");
  const YAML::Node ready = container["readinessProbe"]["httpGet"];
  EXPECT_EQ(ready["path"].as<std::string>(), "/readyz");
  EXPECT_EQ(ready["port"].as<std::string>(), "metrics");
}

TEST(KubernetesTest, PodsHaveTheTimeThatTheDaemonTakesToStop) {
  const absl::Duration drain = config::ToSpan(MappedConfig().proto.serve().drain());
  EXPECT_GT(drain, absl::ZeroDuration());
  EXPECT_GE(absl::Seconds(DaemonPod()["spec"]["terminationGracePeriodSeconds"].as<int>()),
            drain + absl::Minutes(1));
}

TEST(KubernetesTest, PodsAreThoseThatServiceAndPolicySelect) {
  const YAML::Node labels = DaemonPod()["metadata"]["labels"];
  for (const YAML::Node& selector :
       {Of("Deployment")["spec"]["selector"]["matchLabels"], Of("Service")["spec"]["selector"],
        Of("NetworkPolicy")["spec"]["podSelector"]["matchLabels"]}) {
    EXPECT_GT(selector.size(), 0u);
    for (const auto& label : selector) {
      EXPECT_EQ(labels[label.first.as<std::string>()].as<std::string>(),
                label.second.as<std::string>());
    }
  }
  EXPECT_NE(JobPod()["metadata"]["labels"]["app.kubernetes.io/component"].as<std::string>(),
            labels["app.kubernetes.io/component"].as<std::string>())
      << "the service sends nobody to a job";
}

TEST(KubernetesTest, BinaryTakesTheArguments) {
  ExpectArguments(TextsOf(DaemonPod()["spec"]["containers"][0]["args"]));
  ExpectArguments(TextsOf(JobPod()["spec"]["containers"][0]["args"]));
}

}  // namespace
}  // namespace rollcall
