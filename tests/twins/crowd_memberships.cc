// Memberships one by one: user/group, group/user, group/child-group and group/parent-group, direct
// and nested. Each endpoint names one side in its address and the other in its body or filter.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_list.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using Depth = CrowdView::Depth;

// What an endpoint asks for: the other side's kind, and which side is the group that holds.
enum class Relation { kGroupsOfUser, kUsersOfGroup, kChildren, kParents };

std::optional<Relation> FindRelation(const CrowdCall& call) {
  const std::string key = absl::StrCat(call.path[0], "/", call.path[1]);
  if (key == "user/group") return Relation::kGroupsOfUser;
  if (key == "group/user") return Relation::kUsersOfGroup;
  if (key == "group/child-group") return Relation::kChildren;
  if (key == "group/parent-group") return Relation::kParents;
  return std::nullopt;
}

std::vector<std::string> FilterParameters(const CrowdCall& call, Relation relation, Depth depth) {
  switch (relation) {
    case Relation::kGroupsOfUser:
      return {"groupname"};
    case Relation::kUsersOfGroup:
      return {"username"};
    case Relation::kChildren:
      return {"child-groupname"};
    case Relation::kParents:
      break;
  }
  if (depth == Depth::kNested) return {"parent-groupname"};
  if (!call.Has(CrowdQuirk::kParentFilterBoth)) return {"child-groupname"};
  return {"child-groupname", "parent-groupname"};
}

std::string FilterValue(const CrowdCall& call, Relation relation, Depth depth) {
  for (const std::string& name : FilterParameters(call, relation, depth)) {
    const std::string value = call.Parameter(name.c_str());
    if (!value.empty()) return value;
  }
  return "";
}

std::set<std::string> Related(const CrowdView& view, Relation relation, const std::string& folded,
                              Depth depth) {
  switch (relation) {
    case Relation::kGroupsOfUser:
      return view.GroupsOf(folded, depth);
    case Relation::kUsersOfGroup:
      return view.Members(folded, depth);
    case Relation::kChildren:
      return view.Children(folded, depth);
    case Relation::kParents:
      break;
  }
  return view.Parents(folded, depth);
}

// The folded name of the address's object; nothing if there is none.
std::optional<std::string> FoldedOf(const CrowdView& view, bool user, const std::string& name) {
  if (user) {
    const std::optional<CrowdView::User> found = view.FindUser(name);
    return found.has_value() ? std::optional<std::string>(found->folded) : std::nullopt;
  }
  const std::optional<CrowdView::Group> found = view.FindGroup(name);
  return found.has_value() ? std::optional<std::string>(found->folded) : std::nullopt;
}

TwinResponse TestMembership(const CrowdCall& call, const CrowdView& view, Relation relation,
                            const std::set<std::string>& related, const std::string& owner,
                            const std::string& other) {
  const bool user = relation == Relation::kUsersOfGroup;
  const std::optional<std::string> folded = FoldedOf(view, user, other);
  if (!folded.has_value() || related.count(*folded) == 0) {
    const bool owner_holds = user || relation == Relation::kChildren;
    return CrowdNoMembership(call, owner_holds ? other : owner, owner_holds ? owner : other);
  }
  if (user) {
    const json shown = RenderCrowdUser(call, view, *view.UserOf(*folded), CrowdShown::kName);
    return CrowdAnswer(call, 200, "user", shown);
  }
  const json shown = RenderCrowdGroup(call, view, *view.FindGroup(*folded), CrowdShown::kName);
  return CrowdAnswer(call, 200, "group", shown);
}

TwinResponse ListMemberships(const CrowdCall& call, Relation relation, Depth depth,
                             const std::string& owner) {
  const CrowdView view = call.View();
  const bool user = relation == Relation::kGroupsOfUser;
  const std::optional<std::string> folded = FoldedOf(view, user, owner);
  const std::string other = FilterValue(call, relation, depth);
  std::set<std::string> related;
  if (folded.has_value()) related = Related(view, relation, *folded, depth);
  if (!other.empty()) return TestMembership(call, view, relation, related, owner, other);
  if (!folded.has_value() && !call.Has(CrowdQuirk::kUnknownListEmpty)) {
    return user ? CrowdNoUser(call, 404, owner) : CrowdNoGroup(call, 404, owner);
  }
  return CrowdList(call, view,
                   relation == Relation::kUsersOfGroup ? CrowdListOf::kUsers : CrowdListOf::kGroups,
                   {related.begin(), related.end()}, CrowdListKind::kMemberships);
}

void RecordMembership(const CrowdCall& call, const char* type, const std::string& child,
                      const std::string& parent, const char* operation) {
  RecordCrowdEvent(call, {{"type", type},
                          {"operation", operation},
                          {"child", {{"name", child}}},
                          {"parentGroups", {{"groups", json::array({{{"name", parent}}})}}}});
}

TwinResponse ExistingMembership(const CrowdCall& call, Relation relation,
                                const std::string& location) {
  if (call.Has(CrowdQuirk::kExistingMembershipOk)) return CrowdCreated(call, location);
  if (relation != Relation::kUsersOfGroup && call.Has(CrowdQuirk::kOtherExistingMembership400)) {
    return CrowdRefusal(call, 400, "INVALID_MEMBERSHIP", "Membership already exists");
  }
  return CrowdRefusal(call, 409, "MEMBERSHIP_ALREADY_EXISTS", "Membership already exists");
}

// Where a new membership of the user goes; null: no directory may be written.
CrowdDirectory* DirectoryForMember(const CrowdCall& call, const CrowdView::User& user) {
  if (call.Has(CrowdQuirk::kAddWhereUserLives)) {
    CrowdDirectory& directory = CrowdWritable(call, user.directory);
    return directory.Allows(CrowdOperation::kUpdateGroup) ? &directory : nullptr;
  }
  for (CrowdDirectory& directory : call.application.directories) {
    if (directory.active && directory.users.count(user.folded) > 0 &&
        directory.Allows(CrowdOperation::kUpdateGroup)) {
      return &directory;
    }
  }
  return nullptr;
}

TwinResponse AddUser(const CrowdCall& call, Relation relation, const CrowdView::User& user,
                     const CrowdView::Group& group, const std::string& location) {
  const CrowdView view = call.Current();
  if (view.Members(group.folded, Depth::kDirect).count(user.folded) > 0) {
    return ExistingMembership(call, relation, location);
  }
  CrowdDirectory* directory = DirectoryForMember(call, user);
  if (directory == nullptr) return CrowdForbidden(call, CrowdOperation::kUpdateGroup);
  if (directory->groups.count(group.folded) == 0) {
    if (!directory->Allows(CrowdOperation::kCreateGroup)) {
      return CrowdForbidden(call, CrowdOperation::kCreateGroup);
    }
    CrowdGroup copy;
    copy.name = group.group->name;
    copy.description = group.group->description;
    directory->groups[group.folded] = std::move(copy);
  }
  CrowdGroup& target = directory->groups.at(group.folded);
  if (!target.users.insert(user.folded).second) return ExistingMembership(call, relation, location);
  RecordMembership(call, "userMembershipEvent", user.folded, group.folded, "CREATED");
  return CrowdCreated(call, location);
}

TwinResponse RemoveUserFrom(const CrowdCall& call, const CrowdView::User& user,
                            const std::string& group) {
  bool member = false;
  bool removed = false;
  for (CrowdDirectory& directory : call.application.directories) {
    const bool counts = call.application.aggregating || &directory == user.directory;
    const auto found = directory.groups.find(group);
    if (!directory.active || !counts || found == directory.groups.end()) continue;
    if (found->second.users.count(user.folded) == 0) continue;
    member = true;
    if (!directory.Allows(CrowdOperation::kUpdateGroup)) continue;
    found->second.users.erase(user.folded);
    removed = true;
  }
  if (!member && call.Has(CrowdQuirk::kAbsentMembershipOk)) return CrowdEmpty(call, 204);
  if (!member) return CrowdNoMembership(call, user.user->name, group);
  if (!removed) return CrowdForbidden(call, CrowdOperation::kUpdateGroup);
  RecordMembership(call, "userMembershipEvent", user.folded, group, "DELETED");
  return CrowdEmpty(call, 204);
}

TwinResponse AddChild(const CrowdCall& call, Relation relation, const std::string& parent,
                      const CrowdView::Group& child, const std::string& location) {
  const CrowdView view = call.Current();
  if (view.Children(parent, Depth::kDirect).count(child.folded) > 0) {
    return ExistingMembership(call, relation, location);
  }
  if (parent == child.folded || view.Children(child.folded, Depth::kNested).count(parent) > 0) {
    return CrowdRefusal(call, 400, "INVALID_MEMBERSHIP", "A group cannot hold itself");
  }
  bool nests = false;
  bool added = false;
  for (CrowdDirectory& directory : call.application.directories) {
    const auto found = directory.groups.find(parent);
    if (!directory.active || found == directory.groups.end()) continue;
    if (!directory.nested_groups || directory.groups.count(child.folded) == 0) continue;
    nests = true;
    if (!directory.Allows(CrowdOperation::kUpdateGroup)) continue;
    found->second.groups.insert(child.folded);
    added = true;
  }
  if (!nests) {
    return CrowdRefusal(call, 400, "NESTED_GROUPS_NOT_SUPPORTED",
                        "The directory does not support nested groups");
  }
  if (!added) return CrowdForbidden(call, CrowdOperation::kUpdateGroup);
  RecordMembership(call, "groupMembershipEvent", child.folded, parent, "CREATED");
  return CrowdCreated(call, location);
}

TwinResponse RemoveChild(const CrowdCall& call, const std::string& parent,
                         const std::string& child) {
  if (call.Current().Children(parent, Depth::kDirect).count(child) == 0) {
    if (call.Has(CrowdQuirk::kAbsentMembershipOk)) return CrowdEmpty(call, 204);
    return CrowdNoMembership(call, child, parent);
  }
  bool removed = false;
  for (CrowdDirectory& directory : call.application.directories) {
    const auto found = directory.groups.find(parent);
    if (found == directory.groups.end()) continue;
    if (!directory.Allows(CrowdOperation::kUpdateGroup)) continue;
    removed = found->second.groups.erase(child) > 0 || removed;
  }
  if (!removed) return CrowdForbidden(call, CrowdOperation::kUpdateGroup);
  RecordMembership(call, "groupMembershipEvent", child, parent, "DELETED");
  return CrowdEmpty(call, 204);
}

// The other side's status where it is missing: it stands in the body of a POST, else in the
// address.
int MissingOther(const CrowdCall& call) {
  return call.request.method == "POST" && !call.Has(CrowdQuirk::kBodyMissing404) ? 400 : 404;
}

TwinResponse ChangeCrowdMember(const CrowdCall& call, Relation relation, const std::string& owner,
                               const std::string& other, const std::string& location) {
  const CrowdView view = call.Current();
  const bool by_user = relation == Relation::kGroupsOfUser;
  const std::string& user_name = by_user ? owner : other;
  const std::string& group_name = by_user ? other : owner;
  const std::optional<CrowdView::User> user = view.FindUser(user_name);
  const std::optional<CrowdView::Group> group = view.FindGroup(group_name);
  const int other_status = MissingOther(call);
  if (by_user && !user.has_value()) return CrowdNoUser(call, 404, user_name);
  if (!group.has_value()) return CrowdNoGroup(call, by_user ? other_status : 404, group_name);
  if (!user.has_value()) return CrowdNoUser(call, other_status, user_name);
  if (call.request.method == "POST") return AddUser(call, relation, *user, *group, location);
  return RemoveUserFrom(call, *user, group->folded);
}

TwinResponse ChangeChild(const CrowdCall& call, Relation relation, const std::string& owner,
                         const std::string& other, const std::string& location) {
  const CrowdView view = call.Current();
  const std::optional<CrowdView::Group> first = view.FindGroup(owner);
  const std::optional<CrowdView::Group> second = view.FindGroup(other);
  if (!first.has_value()) return CrowdNoGroup(call, 404, owner);
  if (!second.has_value()) return CrowdNoGroup(call, MissingOther(call), other);
  const bool down = relation == Relation::kChildren;
  const std::string parent = down ? first->folded : second->folded;
  if (call.request.method == "DELETE") return RemoveChild(call, parent, second->folded);
  return AddChild(call, relation, parent, down ? *second : *first, location);
}

}  // namespace

TwinResponse HandleCrowdMemberships(const CrowdCall& call) {
  const std::optional<Relation> relation = FindRelation(call);
  const bool nested = call.path[2] == "nested";
  if (!relation.has_value() || (!nested && call.path[2] != "direct")) {
    return CrowdNoSuchEndpoint(call);
  }
  const char* parameter = *relation == Relation::kGroupsOfUser ? "username" : "groupname";
  const std::string owner = call.Parameter(parameter);
  const std::string& method = call.request.method;
  const bool changes = method == "POST" || (method == "DELETE" && *relation != Relation::kParents);
  if (!call.IsGet() && (nested || !changes)) return CrowdNoSuchMethod(call);
  if (owner.empty()) return CrowdNoParameter(call, parameter);
  if (call.IsGet()) {
    return ListMemberships(call, *relation, nested ? Depth::kNested : Depth::kDirect, owner);
  }
  const std::string filter = FilterParameters(call, *relation, Depth::kDirect).front();
  std::string other = call.Parameter(filter.c_str());
  if (method == "POST") {
    json body;
    TwinResponse refusal;
    static const auto* const kKnown = new std::vector<std::string>{
        "name",       "description", "type",  "active",    "attributes", "expand",       "link",
        "first-name", "key",         "email", "last-name", "password",   "display-name", "members"};
    if (!ReadCrowdBody(call, *kKnown, body, refusal)) return refusal;
    other = CrowdText(body, "name");
  }
  if (other.empty()) return CrowdNoParameter(call, method == "POST" ? "name" : filter);
  const std::string location =
      absl::StrCat(CrowdHref(call, absl::StrCat("/", call.path[0], "/", call.path[1], "/direct"),
                             parameter, owner),
                   "&", filter, "=", PercentEncode(other));
  const bool of_users =
      *relation == Relation::kGroupsOfUser || *relation == Relation::kUsersOfGroup;
  return of_users ? ChangeCrowdMember(call, *relation, owner, other, location)
                  : ChangeChild(call, *relation, owner, other, location);
}

}  // namespace rollcall::twins
