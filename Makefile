# 岗牌 gangpai. Needs Python 3.11 or newer, git and make; everything else goes into .venv from the lock files.

VENV := .venv
PYTHON_IN := $(VENV)/bin/python
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
BENCH_READY := $(VENV)/.ready-to-bench
PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# Files in turn, not those with most tests first: a few long tests are not left to the end.
PYTEST_ON_TWO = $(PYTHON_IN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench soak catalogues pictures lock wheel clean
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## 列出可用目标 · list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(RUN_READY)  ## 样例走一遍并开启服务（SERVE=0 不开服务，PORT=8010 换端口） · run the sample round and serve it
	@$(PYTHON_IN) -m gangpai demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(PORT),--port $(PORT))

test: lint  ## 代码检查、类型检查、全部测试 · lint, type check, run every test
	$(PYTEST_ON_TWO) -m "not soak and not no_cover" --cov --cov-report=term:skip-covered
	$(PYTEST_ON_TWO) -m "not soak and no_cover"

lint: $(TEST_READY)  ## 代码检查与类型检查 · lint and type check
	$(PYTHON_IN) -m ruff check .
	$(PYTHON_IN) -m ruff format --check .
	$(PYTHON_IN) -m mypy

format: $(TEST_READY)  ## 整理代码格式 · lay the code out
	$(PYTHON_IN) -m ruff check --fix-only .
	$(PYTHON_IN) -m ruff format .

bench: $(BENCH_READY)  ## 与同类软件对比测量 · measure against named peers
	$(PYTHON_IN) -m bench

soak: $(TEST_READY)  ## 数分钟的耐久测试 · the tests that take minutes
	$(PYTHON_IN) -m pytest -m soak

catalogues: $(TEST_READY)  ## 更新公众页面的翻译目录 · bring the catalogues of the public pages up to date
	$(PYTHON_IN) docs/catalogues.py

pictures: $(TEST_READY)  ## 重拍说明文档的图片 · make the README's pictures anew
	$(PYTHON_IN) docs/pictures.py

wheel: $(TEST_READY)  ## 打包到 dist/ · build the wheel into dist/
	$(PYTHON_IN) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:  ## 清除缓存（data/、out/、.venv 保留） · remove caches; data/, out/ and .venv stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# An environment whose pip answers is kept. Absent, half-built, or left behind by another Python: made anew.
define make_environment
	@$(PYTHON_IN) -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null && exit 0; \
	for python in $(PYTHONS); do \
	    "$$python" -c 'import ensurepip, venv; $(NEW_ENOUGH)' 2>/dev/null || continue; \
	    echo "建立独立环境 $(VENV) · making $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv --clear $(VENV); exit; \
	done; \
	for python in $(PYTHONS); do \
	    "$$python" -c '$(NEW_ENOUGH)' 2>/dev/null || continue; \
	    echo "$$python 缺少 venv 模块，请先安装（Debian、Ubuntu：apt install python3-venv），再运行 make。" >&2; \
	    echo "$$python lacks its venv module: install it (Debian, Ubuntu: apt install python3-venv), then run make again." >&2; \
	    exit 1; \
	done; \
	echo "未找到 Python 3.11 或更新版本：请先安装，或用 make PYTHON=/路径/python3 指定。" >&2; \
	echo "No Python 3.11 or newer was found: install one, or name it with make PYTHON=/path/to/python3." >&2; \
	exit 1
endef

define install_locked
	@echo "按 $(1) 安装依赖 · installing what $(1) names"
	@$(PYTHON_IN) -m pip install --quiet --require-hashes -r $(1) || { \
	    echo "依赖未能装全：请检查网络或 pip 镜像设置，再运行 make。" >&2; \
	    echo "Not everything could be installed: check the network or pip's mirror setting, then run make again." >&2; \
	    exit 1; }
	@$(PYTHON_IN) -m pip install --quiet --no-deps --no-build-isolation --editable .
endef

$(RUN_READY): requirements.lock pyproject.toml $(PYTHON_IN)
	$(make_environment)
	$(call install_locked,requirements.lock)
	@touch $@

$(TEST_READY): requirements-dev.lock pyproject.toml $(PYTHON_IN)
	$(make_environment)
	$(call install_locked,requirements-dev.lock)
	@touch $(RUN_READY) $@

$(BENCH_READY): requirements-bench.lock $(TEST_READY)
	$(call install_locked,requirements-bench.lock)
	@touch $@

# No recipe: an interpreter that has gone away makes both stamps stale.
$(PYTHON_IN): ;

# The machine's own pip settings stay out of the locks; PIP_INDEX_URL may still name a mirror.
LOCKING := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
    CUSTOM_COMPILE_COMMAND="make lock"
COMPILE := $(LOCKING) build/lock/bin/pip-compile --quiet --no-config --upgrade --generate-hashes --allow-unsafe \
    --strip-extras --newline lf --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
GROUP := import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"][sys.argv[1]], sep="\n")

lock:  ## 更新依赖锁定文件（用 Python 3.11） · renew the lock files, on Python 3.11
	$(make_environment)
	@$(PYTHON_IN) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "make lock: Python 3.11 only")'
	$(PYTHON_IN) -m venv --clear build/lock
	$(LOCKING) build/lock/bin/python -m pip install --quiet "pip-tools>=7.5"
	$(COMPILE) --build-deps-for editable --build-deps-for wheel --output-file requirements.lock pyproject.toml
	$(PYTHON_IN) -c '$(GROUP)' dev > build/dev.in
	$(COMPILE) --output-file requirements-dev.lock requirements.lock build/dev.in
	$(PYTHON_IN) -c '$(GROUP)' bench > build/bench.in
	$(COMPILE) --output-file requirements-bench.lock requirements-dev.lock build/bench.in
