//go:build tools

// Package tools names the programs that build-tools builds, so that go.mod pins them.
package tools

import (
	_ "github.com/yuin/gopher-lua/cmd/glua"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
