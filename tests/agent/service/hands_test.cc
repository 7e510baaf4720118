#include "agent/service/hands.h"

#include <gtest/gtest.h>

#include <future>

namespace rollcall {
namespace {

TEST(HandsTest, WhatIsTakenIsDoneInOrder) {
  std::vector<int> done;
  {
    Hands hands(1, 100);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(hands.Take([&done, i] { done.push_back(i); }));
  }
  ASSERT_EQ(done.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[i], i);
}

TEST(HandsTest, TheyMoveUntilSomethingWaitsAndNothingIsFinished) {
  Hands hands(1, 2);
  EXPECT_TRUE(hands.Moves());
  EXPECT_TRUE(hands.Moves()) << "idle";
  std::promise<void> begun;
  std::promise<void> go_on;
  ASSERT_TRUE(hands.Take([&] {
    begun.set_value();
    go_on.get_future().wait();
  }));
  begun.get_future().wait();
  EXPECT_TRUE(hands.Moves()) << "nothing waits for the one at work";
  std::promise<void> second;
  ASSERT_TRUE(hands.Take([&] { second.set_value(); }));
  EXPECT_FALSE(hands.Moves());
  go_on.set_value();
  second.get_future().wait();
  EXPECT_TRUE(hands.Moves());
}

TEST(HandsTest, MoreThanMayWaitIsRefused) {
  std::promise<void> begun;
  std::promise<void> go_on;
  Hands hands(1, 2);
  ASSERT_TRUE(hands.Take([&] {
    begun.set_value();
    go_on.get_future().wait();
  }));
  begun.get_future().wait();
  EXPECT_TRUE(hands.Take([] {}));
  EXPECT_TRUE(hands.Take([] {}));
  EXPECT_FALSE(hands.Take([] {}));
  go_on.set_value();
}

}  // namespace
}  // namespace rollcall
